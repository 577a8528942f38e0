#include "pull/report/trace_file.hpp"

#include <fcntl.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "base/os/os.hpp"

namespace xylem::pull {

namespace {

template <typename Duration>
double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

std::string trace_line(const fetcher::ExchangeReport& report, double time) {
  using Json = nlohmann::ordered_json;
  const Json object{{"time", time},
                    {"url", report.url},
                    {"status", report.status},
                    {"bytes", report.bytes},
                    {"offset", report.offset},
                    {"seconds", seconds(report.time)},
                    {"attempt", report.attempt},
                    {"mirror", report.mirror},
                    {"protocol", report.protocol},
                    {"failure", report.failure}};
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

TraceFile::TraceFile(const std::string& path)
    : file_(os::open({FileDescriptor::cwd(), path}, O_WRONLY | O_CREAT | O_APPEND, 0644)) {}

void TraceFile::write(const fetcher::ExchangeReport& report) noexcept {
  if (!file_.valid()) return;
  try {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    os::write_all(file_, as_bytes(trace_line(report, seconds(now)) + "\n"));
  } catch (const std::exception& error) {
    log_warning("The trace file ends early: {}", error.what());
    file_.reset();
  }
}

}  // namespace xylem::pull
