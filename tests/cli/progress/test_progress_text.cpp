#include "cli/progress/progress_text.hpp"

#include <catch2/catch.hpp>

#include "cli/progress/pace_meter.hpp"

using namespace xylem;
using namespace xylem::cli;
using std::chrono::seconds;

namespace {

/// GLib puts a no-break space between number and unit, but not before "bytes".
const std::string nbsp = "\u00a0";

}  // namespace

TEST_CASE("durations are hours, minutes and seconds") {
  CHECK(format_duration(seconds(0)) == "0:00");
  CHECK(format_duration(seconds(7)) == "0:07");
  CHECK(format_duration(seconds(750)) == "12:30");
  CHECK(format_duration(seconds(3723)) == "1:02:03");
  CHECK(format_duration(seconds(-5)) == "0:00");
}

TEST_CASE("a line is cut at characters, not at bytes") {
  CHECK(fit("abc", 5) == "abc");
  CHECK(fit("abc", 2) == "ab");
  CHECK(fit("1\u00a0kB left", 3) == "1\u00a0k");
  CHECK(fit("abc", 0).empty());
}

TEST_CASE("each phase has its line") {
  PullProgress progress;
  progress.scanned_metadata = 12;
  CHECK(progress_line(progress, {}) == "Scanning metadata: 12");
  progress.phase = PullProgress::Phase::Scanning;
  progress.metadata_fetched = 5;
  progress.bytes_transferred = 1500;
  CHECK(progress_line(progress, {}) ==
        "Receiving metadata objects: 5/(estimating) -/s 1.5" + nbsp + "kB");
  progress.phase = PullProgress::Phase::Fetching;
  progress.metadata_requested = 5;
  progress.content_fetched = 20;
  progress.content_requested = 95;
  CHECK(progress_line(progress, {2000, seconds(75)}) ==
        "Receiving objects: 25% (25/100) 2.0" + nbsp + "kB/s 1.5" + nbsp + "kB, 1:15 left");
  progress.phase = PullProgress::Phase::Writing;
  CHECK(progress_line(progress, {}) == "Writing objects: 25");
}

TEST_CASE("the final line is worded as in ostree") {
  PullResult result;
  CHECK(final_line(result) == "0 metadata, 0 content objects fetched; 0 bytes content written");
  result.metadata_fetched = 3;
  result.content_fetched = 4;
  result.bytes_transferred = 1023;
  result.elapsed = std::chrono::milliseconds(2900);
  CHECK(final_line(result) ==
        "3 metadata, 4 content objects fetched; 1023 B transferred in 2 "
        "seconds; 0 bytes content written");
  result.bytes_transferred = 2047;
  result.metadata_imported = 1;
  result.content_imported = 2;
  CHECK(final_line(result) ==
        "3 metadata, 4 content objects fetched (1 meta, 2 content local); "
        "1 KiB transferred in 2 seconds; 0 bytes content written");
  result.local = true;
  result.bytes_written = 1000;
  CHECK(final_line(result) ==
        "4 metadata, 2 content objects imported; 1.0" + nbsp + "kB content written");
}

TEST_CASE("a dry run says what it would fetch") {
  PullResult result;
  result.content_requested = 7;
  CHECK(dry_run_line(result) == "Would fetch 7 content objects, size not known");
  result.plan = {.basis = PullPlan::Basis::Sizes,
                 .content_objects = 7,
                 .bytes_to_fetch = 2000,
                 .bytes_on_disk = 4000,
                 .bytes_available = 5000};
  CHECK(dry_run_line(result) == "Would fetch 7 content objects, 2.0" + nbsp +
                                    "kB (as the source tells); 4.0" + nbsp + "kB on disk");
  result.plan.basis = PullPlan::Basis::Estimate;
  result.plan.bytes_available = 3000;
  CHECK(dry_run_line(result) == "Would fetch 7 content objects, 2.0" + nbsp +
                                    "kB (estimated from the objects that are here); 4.0" + nbsp +
                                    "kB on disk, more than the 3.0" + nbsp + "kB that may be used");
}

TEST_CASE("percent and total come from bytes where they are known") {
  PullProgress progress;
  progress.phase = PullProgress::Phase::Fetching;
  progress.metadata_requested = progress.metadata_fetched = 1;
  progress.content_requested = 1545;
  progress.content_fetched = 1544;
  progress.bytes_transferred = 30'000'000;
  progress.bytes_left = 20'000'000;
  CHECK(progress_line(progress, {20'000, seconds(1000)}) ==
        "Receiving objects: 60% (1545/1546) 20.0" + nbsp + "kB/s 30.0" + nbsp + "MB of 50.0" +
            nbsp + "MB, 16:40 left");
  progress.bytes_left_estimated = true;
  CHECK_THAT(progress_line(progress, {}), Catch::Contains("of about 50.0"));

  // Rounding says 100, but something is left.
  progress.bytes_left = 1;
  CHECK_THAT(progress_line(progress, {}), Catch::Contains("99%"));
}

TEST_CASE("a line fits the terminal, in whole words") {
  PullProgress progress;
  progress.phase = PullProgress::Phase::Fetching;
  progress.content_requested = 400;
  progress.content_fetched = 200;
  progress.bytes_transferred = 30'000'000;
  progress.bytes_left = 30'000'000;
  const Pace pace{2'000'000, seconds(3723)};
  CHECK(progress_line(progress, pace, 60) == "Receiving: 50% 2.0" + nbsp + "MB/s 30.0" + nbsp +
                                                 "MB of 60.0" + nbsp + "MB, 1:02:03 left");
  CHECK(progress_line(progress, pace, 39) == "Receiving: 50% 2.0" + nbsp + "MB/s, 1:02:03 left");
  CHECK(progress_line(progress, pace, 20) == "50%, 1:02:03 left");
  CHECK(progress_line(progress, pace, 10) == "50%");
  progress.phase = PullProgress::Phase::Scanning;
  progress.metadata_fetched = 5;
  CHECK(progress_line(progress, pace, 39) ==
        "Receiving metadata: 5 2.0" + nbsp + "MB/s 30.0" + nbsp + "MB");
  CHECK(progress_line(progress, pace, 12) == "5 objects");
}

TEST_CASE("the pace is that of the last seconds") {
  PaceMeter meter;
  PullProgress progress;
  progress.phase = PullProgress::Phase::Fetching;
  progress.content_requested = 100;
  const auto after = [&](int time, std::uint64_t bytes, std::uint64_t objects) {
    progress.elapsed = seconds(time);
    progress.bytes_transferred = bytes;
    progress.content_fetched = objects;
    return meter.update(progress);
  };
  CHECK(after(0, 0, 0).bytes_per_second == 0);
  CHECK_FALSE(meter.update(progress).time_left);

  const Pace first = after(1, 1000, 10);
  CHECK(first.bytes_per_second == 1000);
  CHECK(first.time_left == seconds(9));

  progress.bytes_left = 20'000;
  CHECK(after(2, 2000, 20).time_left == seconds(20));

  // A link that gets slow shows within the window.
  for (int time = 3; time <= 8; ++time)
    after(time, 2000 + 10 * static_cast<std::uint64_t>(time - 2), 20);
  CHECK(meter.update(progress).bytes_per_second == 10);
  CHECK(meter.update(progress).time_left == seconds(2000));

  // A stall has no end.
  for (int time = 9; time <= 14; ++time) after(time, 2060, 20);
  CHECK(meter.update(progress).bytes_per_second == 0);
  CHECK_FALSE(meter.update(progress).time_left);
}

TEST_CASE("a pull that waits says for whom") {
  PullProgress progress;
  const Wait process{.whom = "process 12", .since = seconds(23)};
  CHECK(waiting_line(progress, process) == "Waiting for process 12, which fetches the same, 0:23");
  CHECK(waiting_line(progress, process, 39) == "Waiting for process 12, 0:23");
  const Wait server{.whom = "host", .reason = "a: b: no route", .attempts = 3, .since = seconds(5)};
  CHECK(waiting_line(progress, server) == "Waiting for host: a: b: no route (3 tries), 0:05");
  CHECK(waiting_line(progress, server, 45) == "Waiting for host: no route (3 tries), 0:05");
  CHECK(waiting_line(progress, server, 32) == "Waiting for host (3 tries), 0:05");
  CHECK(waiting_line(progress, server, 15) == "Waiting, 0:05");
  CHECK(waiting_line(progress, {.since = seconds(4)}) == "Waiting for an answer, 0:04");
  progress.bytes_transferred = 1000;
  CHECK(waiting_line(progress, {.since = seconds(4)}) ==
        "No data for 0:04, 1.0" + nbsp + "kB so far");
  CHECK(waiting_line(progress, {.since = seconds(4)}, 20) == "No data for 0:04");
}

TEST_CASE("a link that collapses shows at once") {
  PaceMeter meter;
  PullProgress progress;
  progress.phase = PullProgress::Phase::Fetching;
  progress.content_requested = 100;
  progress.bytes_left = 20'000;
  Pace pace;
  for (int half = 0; half <= 14; ++half) {
    progress.elapsed = std::chrono::milliseconds(500 * half);
    progress.bytes_transferred += half <= 10 ? 500'000 : 5'000;
    pace = meter.update(progress);
  }
  CHECK(pace.bytes_per_second == 10'000);
  CHECK(pace.time_left == seconds(2));
}
