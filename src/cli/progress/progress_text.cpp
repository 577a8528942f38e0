#include "cli/progress/progress_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "base/glib.hpp"
#include "cli/frame/terminal.hpp"
#include "pull/report/status_line.hpp"

namespace xylem::cli {

namespace {

/// Of UTF-8.
bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::string rate_text(const Pace& pace) {
  return (pace.bytes_per_second == 0 ? "-" : format_size(pace.bytes_per_second)) + "/s";
}

/// The first that fits, from the longest to the shortest.
std::string first_that_fits(std::initializer_list<std::string> variants, std::size_t columns) {
  for (const std::string& variant : variants)
    if (width_of(variant) <= columns) return variant;
  return *(variants.end() - 1);
}

std::string receiving_metadata(const PullProgress& progress, const Pace& pace,
                               std::size_t columns) {
  const std::uint64_t objects = progress.metadata_fetched;
  const std::string rate = rate_text(pace);
  const std::string size = format_size(progress.bytes_transferred);
  return first_that_fits(
      {fmt::format("Receiving metadata objects: {}/(estimating) {} {}", objects, rate, size),
       fmt::format("Receiving metadata: {} {} {}", objects, rate, size),
       fmt::format("Metadata: {} {}", objects, rate), fmt::format("{} objects", objects)},
      columns);
}

/// " of 51.4 MB", or " of about 51.4 MB"; empty if nobody knows.
std::string total_text(const PullProgress& progress) {
  if (!progress.bytes_left) return "";
  return fmt::format(" of {}{}", progress.bytes_left_estimated ? "about " : "",
                     format_size(progress.bytes_transferred + *progress.bytes_left));
}

std::string left_text(const Pace& pace) {
  return pace.time_left ? fmt::format(", {} left", format_duration(*pace.time_left)) : "";
}

/// Of the bytes, if they are known; else of the objects. It is 100 only when nothing is left.
std::uint64_t percent_of(const PullProgress& progress, std::uint64_t done, std::uint64_t total) {
  if (done == total) return 100;
  std::uint64_t part = done;
  std::uint64_t whole = total;
  if (progress.bytes_left && *progress.bytes_left > 0) {
    part = progress.bytes_transferred;
    whole = part + *progress.bytes_left;
  }
  return std::min<std::uint64_t>(99, static_cast<std::uint64_t>(100.0 * static_cast<double>(part) /
                                                                static_cast<double>(whole)));
}

std::string receiving_objects(const PullProgress& progress, const Pace& pace, std::size_t columns) {
  const std::uint64_t done = progress.metadata_fetched + progress.content_fetched;
  const std::uint64_t total = progress.metadata_requested + progress.content_requested;
  const std::uint64_t percent = percent_of(progress, done, total);
  const std::string rate = rate_text(pace);
  const std::string size = format_size(progress.bytes_transferred) + total_text(progress);
  const std::string left = left_text(pace);
  return first_that_fits({fmt::format("Receiving objects: {}% ({}/{}) {} {}{}", percent, done,
                                      total, rate, size, left),
                          fmt::format("Receiving: {}% {} {}{}", percent, rate, size, left),
                          fmt::format("Receiving: {}% {}{}", percent, rate, left),
                          fmt::format("{}% {}{}", percent, rate, left),
                          fmt::format("{}%{}", percent, left), fmt::format("{}%", percent)},
                         columns);
}

std::string receiving_parts(const PullProgress& progress, const Pace& pace, std::size_t columns) {
  const std::string parts =
      fmt::format("{}/{}", progress.delta_parts_fetched, progress.delta_parts_requested);
  const std::uint64_t percent =
      percent_of(progress, progress.delta_parts_fetched, progress.delta_parts_requested);
  const std::string rate = rate_text(pace);
  const std::string size = format_size(progress.bytes_transferred) + total_text(progress);
  const std::string left = left_text(pace);
  return first_that_fits(
      {fmt::format("Receiving delta parts: {}% ({}) {} {}{}", percent, parts, rate, size, left),
       fmt::format("Delta parts: {}% ({}) {}{}", percent, parts, rate, left),
       fmt::format("{}% {}{}", percent, rate, left), parts},
      columns);
}

/// Nothing comes, and nobody said why.
std::string silent_line(const PullProgress& progress, const std::string& time,
                        std::size_t columns) {
  const std::string shortest = fmt::format("No data for {}", time);
  if (progress.bytes_transferred == 0)
    return first_that_fits({fmt::format("Waiting for an answer, {}", time), shortest}, columns);
  const std::string so_far = fmt::format(
      "{}, {} so far", shortest, format_size(progress.bytes_transferred) + total_text(progress));
  return first_that_fits({so_far, shortest}, columns);
}

/// ": c" of ": a: b: c": libraries say the reason last.
std::string last_part(const std::string& reason) {
  const std::size_t colon = reason.rfind(": ");
  return colon == std::string::npos ? reason : reason.substr(colon);
}

std::string fetched_text(const PullResult& result) {
  if (result.delta_parts_fetched > 0)
    return fmt::format("{} delta parts, {} loose objects", result.delta_parts_fetched,
                       result.metadata_fetched + result.content_fetched);
  return fmt::format("{} metadata, {} content objects", result.metadata_fetched,
                     result.content_fetched);
}

/// What the bytes of a plan are known from.
std::string basis_text(const PullPlan& plan) {
  switch (plan.basis) {
    case PullPlan::Basis::Sizes:
      return "as the source tells";
    case PullPlan::Basis::Delta:
      return "as the deltas tell";
    case PullPlan::Basis::Estimate:
      return "estimated from the objects that are here";
    case PullPlan::Basis::Unknown:
      break;
  }
  return "size not known";
}

/// What is free changes all the time, and is only of interest when it is too little.
std::string room_text(const PullPlan& plan) {
  if (!plan.bytes_on_disk) return "";
  std::string text = fmt::format("; {} on disk", format_size(*plan.bytes_on_disk));
  if (*plan.bytes_on_disk > plan.bytes_available)
    text += fmt::format(", more than the {} that may be used", format_size(plan.bytes_available));
  return text;
}

std::string delta_line(const PullResult& result) {
  return fmt::format("Delta update: 0/{} parts, {}/{}, {} total uncompressed",
                     result.delta_parts_requested, format_size(0),
                     format_size(result.delta_bytes_requested),
                     format_size(result.delta_content_bytes));
}

}  // namespace

std::string format_size(std::uint64_t bytes) {
  return in_locale(GStringPtr(g_format_size(bytes)).get());
}

std::string format_duration(std::chrono::seconds duration) {
  const auto total = std::max<std::int64_t>(duration.count(), 0);
  const auto hours = total / 3600;
  const auto minutes = total / 60 % 60;
  const auto seconds = total % 60;
  return hours == 0 ? fmt::format("{}:{:02}", minutes, seconds)
                    : fmt::format("{}:{:02}:{:02}", hours, minutes, seconds);
}

std::string progress_line(const PullProgress& progress, const Pace& pace, std::size_t columns) {
  switch (progress.phase) {
    case PullProgress::Phase::Resolving:
      if (progress.delta_parts_fetched < progress.delta_parts_requested)
        return receiving_parts(progress, pace, columns);
      return fmt::format("Scanning metadata: {}", progress.scanned_metadata);
    case PullProgress::Phase::Scanning:
      if (progress.delta_parts_fetched < progress.delta_parts_requested)
        return receiving_parts(progress, pace, columns);
      return receiving_metadata(progress, pace, columns);
    case PullProgress::Phase::Fetching:
      return receiving_objects(progress, pace, columns);
    case PullProgress::Phase::Writing:
      return fmt::format("Writing objects: {}",
                         progress.metadata_fetched + progress.content_fetched);
    case PullProgress::Phase::Done:
      return "";
  }
  return "";
}

std::string waiting_line(const PullProgress& progress, const Wait& wait, std::size_t columns) {
  const std::string time = format_duration(wait.since);
  if (wait.whom.empty()) return silent_line(progress, time, columns);
  const std::string start = "Waiting for " + wait.whom;
  const std::string tries = wait.attempts > 1 ? fmt::format(" ({} tries)", wait.attempts) : "";
  const std::string why = wait.reason.empty() ? "" : ": " + wait.reason;
  const std::string what = wait.attempts == 0 ? ", which fetches the same" : "";
  return first_that_fits({fmt::format("{}{}{}{}, {}", start, what, why, tries, time),
                          fmt::format("{}{}{}{}, {}", start, what, last_part(why), tries, time),
                          fmt::format("{}{}, {}", start, tries, time),
                          fmt::format("{}, {}", start, time), fmt::format("Waiting, {}", time)},
                         columns);
}

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

std::string fit(const std::string& line, std::size_t columns) {
  std::string cut;
  std::size_t width = 0;
  for (const char byte : line) {
    if (starts_character(byte) && width++ == columns) break;
    cut += byte;
  }
  return cut;
}

std::string final_line(const PullResult& result) {
  if (result.local && result.delta_parts_fetched == 0)
    return fmt::format("{} metadata, {} content objects imported; {} content written",
                       result.metadata_fetched + result.metadata_imported, result.content_imported,
                       format_size(result.bytes_written));
  return pull::status_line(result);
}

std::string final_line(const PullResult& result, std::size_t columns) {
  if (result.local && result.delta_parts_fetched == 0)
    return first_that_fits(
        {final_line(result),
         fmt::format("{} objects imported; {} written",
                     result.metadata_fetched + result.metadata_imported + result.content_imported,
                     format_size(result.bytes_written))},
        columns);
  const std::string size = format_size(result.bytes_transferred);
  const std::string time =
      format_duration(std::chrono::duration_cast<std::chrono::seconds>(result.elapsed));
  const std::string what = fetched_text(result);
  const std::string imported =
      result.metadata_imported + result.content_imported == 0
          ? ""
          : fmt::format(", {} local", result.metadata_imported + result.content_imported);
  const std::string written = format_size(result.bytes_written);
  return first_that_fits(
      {fmt::format("{} fetched{}; {} transferred in {}; {} written", what, imported, size, time,
                   written),
       fmt::format("{}{}; {} in {}; {} written", what, imported, size, time, written),
       fmt::format("{}; {} in {}", what, size, time), fmt::format("{} in {}", size, time)},
      columns);
}

std::string dry_run_line(const PullResult& result) {
  const PullPlan& plan = result.plan;
  if (result.delta_parts_requested > 0) return delta_line(result) + room_text(plan);
  const std::string what = fmt::format("Would fetch {} content objects", result.content_requested);
  if (!plan.bytes_to_fetch) return what + ", " + basis_text(plan);
  return fmt::format("{}, {} ({}){}", what, format_size(*plan.bytes_to_fetch), basis_text(plan),
                     room_text(plan));
}

}  // namespace xylem::cli
