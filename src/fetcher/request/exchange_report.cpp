#include "fetcher/request/exchange_report.hpp"

#include <fmt/format.h>

namespace xylem::fetcher {

std::string describe(const ExchangeReport& report) {
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(report.time);
  std::string text = fmt::format("GET {}: {}, {} bytes in {} ms", report.url,
                                 report.status == 0 ? "no status" : std::to_string(report.status),
                                 report.bytes, time.count());
  if (report.offset != 0) text += fmt::format(", from byte {} on", report.offset);
  if (!report.protocol.empty()) text += ", " + report.protocol;
  text += fmt::format(", attempt {}", report.attempt);
  if (report.mirror != 0) text += fmt::format(", mirror {}", report.mirror);
  if (!report.failure.empty()) text += ": " + report.failure;
  return text;
}

}  // namespace xylem::fetcher
