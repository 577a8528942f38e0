#include "cli/text/progress_text.hpp"

#include <catch2/catch.hpp>

#include "cli/text/progress_terminal.hpp"

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
  result.bytes_expected = 2000;
  CHECK(dry_run_line(result) == "Would fetch 7 content objects, 2.0" + nbsp + "kB");
}

TEST_CASE("the pace follows what happens now") {
  PaceMeter meter;
  PullProgress progress;
  progress.phase = PullProgress::Phase::Fetching;
  progress.content_requested = 100;
  CHECK(meter.update(progress).bytes_per_second == 0);
  CHECK_FALSE(meter.update(progress).time_left);

  progress.elapsed = seconds(1);
  progress.bytes_transferred = 1000;
  progress.content_fetched = 10;
  const Pace first = meter.update(progress);
  CHECK(first.bytes_per_second == 1000);
  CHECK(first.time_left == seconds(9));

  // A stall halves the rate every three seconds.
  progress.elapsed = seconds(4);
  CHECK(meter.update(progress).bytes_per_second == 500);

  progress.elapsed = seconds(3600);
  CHECK_FALSE(meter.update(progress).time_left);
}
