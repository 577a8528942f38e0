// The progress line over recorded pulls (tests/data/progress): what it says of the time that is
// left turns out to be true, and waiting is called waiting.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

#include "cli/progress/pace_meter.hpp"
#include "cli/progress/wait_meter.hpp"

using namespace xylem;
using namespace xylem::cli;

namespace {

using Json = nlohmann::json;

PullProgress::Phase phase_of(const std::string& text) {
  using Phase = PullProgress::Phase;
  for (const Phase phase : {Phase::Resolving, Phase::Scanning, Phase::Fetching, Phase::Writing})
    if (text == name(phase)) return phase;
  return Phase::Done;
}

PullProgress progress_of(const Json& event) {
  PullProgress progress;
  const auto number = [&](const char* key) { return event.value(key, std::uint64_t{0}); };
  progress.phase = phase_of(event.at("phase"));
  progress.elapsed = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(event.at("elapsed").get<double>()));
  progress.bytes_transferred = number("bytes_transferred");
  progress.metadata_fetched = number("metadata_fetched");
  progress.metadata_requested = number("metadata_requested");
  progress.content_fetched = number("content_fetched");
  progress.content_requested = number("content_requested");
  progress.content_imported = number("content_imported");
  progress.scanned_metadata = number("scanned_metadata");
  progress.delta_parts_fetched = number("delta_parts_fetched");
  progress.delta_parts_requested = number("delta_parts_requested");
  progress.bytes_staged = number("bytes_staged");
  if (event.contains("bytes_left")) progress.bytes_left = number("bytes_left");
  progress.bytes_left_estimated = event.value("bytes_left_estimated", false);
  return progress;
}

PullMessage message_of(const Json& event) {
  PullMessage message;
  message.code =
      event.at("code") == "waiting" ? PullMessage::Code::Waiting : PullMessage::Code::Retry;
  message.source = event.value("source", "");
  message.reason = event.value("reason", "");
  message.attempt = event.value("attempt", 0);
  message.pid = event.value("pid", 0);
  return message;
}

/// One look at the line.
struct Shown {
  double elapsed = 0;
  PullProgress progress;
  Pace pace;
  std::optional<Wait> wait;
};

std::vector<Shown> replay(const std::string& profile) {
  std::ifstream file(TEST_DATA_DIR "/progress/" + profile + ".jsonl");
  REQUIRE(file);
  PaceMeter meter;
  WaitMeter waits;
  std::vector<Shown> shown;
  for (std::string line; std::getline(file, line);) {
    const Json event = Json::parse(line);
    if (event.at("event") == "message") {
      waits.on_message(message_of(event));
      continue;
    }
    const PullProgress progress = progress_of(event);
    const Pace pace = meter.update(progress);
    shown.push_back({event.at("elapsed"), progress, pace, waits.update(progress)});
  }
  REQUIRE(shown.size() > 10);
  return shown;
}

/// A line is cut nowhere: neither a unit nor a number is half there.
void check_widths(const Shown& shown) {
  for (const std::size_t columns : {39, 79, 119}) {
    const std::string line = shown.wait ? waiting_line(shown.progress, *shown.wait, columns)
                                        : progress_line(shown.progress, shown.pace, columns);
    CHECK(width_of(line) <= columns);
  }
}

/// From the first sample that knows what is left, a tenth of the time later, to the end: seconds
/// are rounded up, so one more is no error.
void check_time_left(const std::string& profile, std::size_t least) {
  const auto shown = replay(profile);
  const double end = shown.back().elapsed;
  std::optional<double> begin;
  std::size_t checked = 0;
  for (const Shown& sample : shown) {
    check_widths(sample);
    if (!sample.progress.bytes_left || sample.progress.phase >= PullProgress::Phase::Writing)
      continue;
    if (!begin) begin = sample.elapsed;
    const double left = end - sample.elapsed;
    if (sample.elapsed < *begin + (end - *begin) / 10 || left < 1) continue;
    INFO(profile << " at " << sample.elapsed << " of " << end);
    REQUIRE(sample.pace.time_left);
    const auto told = static_cast<double>(sample.pace.time_left->count());
    CHECK(std::abs(told - left) <= 0.25 * left + 1);
    ++checked;
  }
  CHECK(checked >= least);
}

}  // namespace

TEST_CASE("the time left of a fast pull is true") {
  check_time_left("fast", 5);
}

TEST_CASE("the time left is true when one large file is left on a slow link") {
  check_time_left("tail", 20);
}

TEST_CASE("the time left of a static delta is true") {
  check_time_left("delta", 5);
}

TEST_CASE("who waits for another pull says so") {
  const auto shown = replay("waiting");
  std::size_t waiting = 0;
  for (const Shown& sample : shown) {
    check_widths(sample);
    if (!sample.wait) continue;
    ++waiting;
    CHECK_THAT(waiting_line(sample.progress, *sample.wait),
               Catch::Matches("Waiting for process [0-9]+, which fetches the same, 0:[0-9]{2}"));
  }
  CHECK(waiting > 5);
}

TEST_CASE("who waits for a server says which, why and how often it was tried") {
  const auto shown = replay("offline");
  std::string longest;
  for (const Shown& sample : shown) {
    check_widths(sample);
    if (!sample.wait) continue;
    const std::string line = waiting_line(sample.progress, *sample.wait, 79);
    CHECK_THAT(line, Catch::StartsWith("Waiting for "));
    if (line.size() > longest.size()) longest = line;
  }
  CHECK_THAT(longest, Catch::Contains("server.example") && Catch::Contains("tries"));
  CHECK_FALSE(shown.back().wait);
}
