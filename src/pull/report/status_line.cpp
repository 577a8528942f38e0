#include "pull/report/status_line.hpp"

#include <fmt/format.h>

#include "base/glib.hpp"

namespace xylem::pull {

namespace {

std::string fetched_text(const PullResult& result) {
  if (result.delta_parts_fetched > 0)
    return fmt::format("{} delta parts, {} loose fetched", result.delta_parts_fetched,
                       result.metadata_fetched + result.content_fetched);
  return fmt::format("{} metadata, {} content objects fetched", result.metadata_fetched,
                     result.content_fetched);
}

std::string transferred_text(const PullResult& result) {
  if (result.bytes_transferred == 0) return "";
  constexpr std::uint64_t kibibyte = 1024;
  const bool small = result.bytes_transferred < kibibyte;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(result.elapsed).count();
  return fmt::format("; {} {} transferred in {} seconds",
                     small ? result.bytes_transferred : result.bytes_transferred / kibibyte,
                     small ? "B" : "KiB", seconds);
}

std::string imported_text(const PullResult& result) {
  if (result.metadata_imported == 0 && result.content_imported == 0) return "";
  return fmt::format(" ({} meta, {} content local)", result.metadata_imported,
                     result.content_imported);
}

}  // namespace

std::string status_line(const PullResult& result) {
  return fmt::format("{}{}{}; {} content written", fetched_text(result), imported_text(result),
                     transferred_text(result),
                     GStringPtr(g_format_size(result.bytes_written)).get());
}

}  // namespace xylem::pull
