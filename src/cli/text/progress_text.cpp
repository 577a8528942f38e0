#include "cli/text/progress_text.hpp"

#include <fmt/format.h>

#include "base/glib.hpp"

namespace xylem::cli {

namespace {

std::string rate_text(const Pace& pace) {
  return (pace.bytes_per_second == 0 ? "-" : format_size(pace.bytes_per_second)) + "/s";
}

std::string receiving_metadata(const PullProgress& progress, const Pace& pace) {
  return fmt::format("Receiving metadata objects: {}/(estimating) {} {}", progress.metadata_fetched,
                     rate_text(pace), format_size(progress.bytes_transferred));
}

std::string receiving_objects(const PullProgress& progress, const Pace& pace) {
  const std::uint64_t done = progress.metadata_fetched + progress.content_fetched;
  const std::uint64_t total = progress.metadata_requested + progress.content_requested;
  const std::uint64_t percent = total == 0 ? 100 : done * 100 / total;
  std::string line = fmt::format("Receiving objects: {}% ({}/{}) {} {}", percent, done, total,
                                 rate_text(pace), format_size(progress.bytes_transferred));
  if (pace.time_left) line += fmt::format(", {} left", format_duration(*pace.time_left));
  return line;
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

std::string format_size(std::uint64_t bytes) {
  return GStringPtr(g_format_size(bytes)).get();
}

std::string format_duration(std::chrono::seconds duration) {
  const auto total = std::max<std::int64_t>(duration.count(), 0);
  const auto hours = total / 3600;
  const auto minutes = total / 60 % 60;
  const auto seconds = total % 60;
  return hours == 0 ? fmt::format("{}:{:02}", minutes, seconds)
                    : fmt::format("{}:{:02}:{:02}", hours, minutes, seconds);
}

std::string progress_line(const PullProgress& progress, const Pace& pace) {
  switch (progress.phase) {
    case PullProgress::Phase::Resolving:
      return fmt::format("Scanning metadata: {}", progress.scanned_metadata);
    case PullProgress::Phase::Scanning:
      return receiving_metadata(progress, pace);
    case PullProgress::Phase::Fetching:
      return receiving_objects(progress, pace);
    case PullProgress::Phase::Writing:
      return fmt::format("Writing objects: {}",
                         progress.metadata_fetched + progress.content_fetched);
    case PullProgress::Phase::Done:
      return "";
  }
  return "";
}

std::string fit(const std::string& line, std::size_t columns) {
  std::string cut;
  std::size_t width = 0;
  for (const char byte : line) {
    const bool starts_character = (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    if (starts_character && width++ == columns) break;
    cut += byte;
  }
  return cut;
}

std::string final_line(const PullResult& result) {
  if (result.local)
    return fmt::format("{} metadata, {} content objects imported; {} content written",
                       result.metadata_fetched + result.metadata_imported, result.content_imported,
                       format_size(result.bytes_written));
  return fmt::format("{} metadata, {} content objects fetched{}{}; {} content written",
                     result.metadata_fetched, result.content_fetched, imported_text(result),
                     transferred_text(result), format_size(result.bytes_written));
}

std::string dry_run_line(const PullResult& result) {
  const std::string size =
      result.bytes_expected ? format_size(*result.bytes_expected) : "size not known";
  return fmt::format("Would fetch {} content objects, {}", result.content_requested, size);
}

}  // namespace xylem::cli
