// Texts about time, each beside what `date` of coreutils makes of it.
#include "cli/time/parse_time.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace xylem;

namespace {

/// 2026-11-21 08:28:13 UTC, a Saturday.
constexpr std::time_t now = 1795249693;

std::optional<std::int64_t> parse(const std::string& text) {
  ::setenv("TZ", "Europe/Berlin", 1);
  ::tzset();
  return cli::parse_time(text, now);
}

}  // namespace

TEST_CASE("dates in words and numbers mean what they mean to date") {
  const auto [text, seconds] = GENERATE(table<std::string, std::int64_t>({
      {"@1700000000", 1700000000},
      {" @1700000000.75 ", 1700000000},
      {"2026-11-21T08:28:13Z", now},
      {"2026-11-21 08:28 +0000", now - 13},
      {"2026-11-21 09:28:13", now},
      {"2026-11-21 09:28:13.999 +01:00", now},
      {"Sat, 21 Nov 2026 08:28:13 +0000", now},
      {"Sat Nov 21 08:28:13 UTC 2026", now},
      {"2005-10-29 12:43:29 +0000", 1130589809},
      {"October 25 1985", 499042800},
      {"October 25, 1985", 499042800},
      {"25 October 1985", 499042800},
      {"25-Oct-1985", 499042800},
      {"10/25/1985", 499042800},
      {"1985/10/25", 499042800},
      {"1985-10-25", 499042800},
      {"Oct 25 1985 8pm", 499042800 + 20 * 3600},
      {"November 05 1955", -446778000},
      {"now", now},
      {"today", now},
      {"yesterday", now - 86400},
      {"tomorrow", now + 86400},
      {"1 week ago", now - 7 * 86400},
      {"a week ago", now - 7 * 86400},
      {"3 days ago", now - 3 * 86400},
      {"+2 hours", now + 7200},
      {"-2 hours", now - 7200},
      {"2 fortnights ago", now - 28 * 86400 - 3600},  // before the change of clocks
      {"last day", now - 86400},
      {"next sunday", now - now % 86400 + 86400 - 3600},
      {"monday", now - now % 86400 + 2 * 86400 - 3600},
      {"last saturday", now - now % 86400 - 7 * 86400 - 3600},
      {"midnight", now - now % 86400 - 3600},
      {"noon yesterday", now - now % 86400 - 3600 - 86400 + 12 * 3600},
      {"2026-11-21 12:00 +10 days", now - now % 86400 - 3600 + 12 * 3600 + 10 * 86400},
      {"1 week 1 day ago", now + 6 * 86400},
  }));
  CAPTURE(text);
  CHECK(parse(text) == seconds);
}

TEST_CASE("months and years keep the time of the day over a change of clocks") {
  // In July Berlin is two hours ahead.
  CHECK(parse("4 months ago") == now - 123 * 86400 - 3600);
  CHECK(parse("1 year ago") == now - 365 * 86400);
}

TEST_CASE("what is no time is told") {
  const std::string text =
      GENERATE("", " ", "never", "BACON", "@", "@12x", "2026-13-01", "2026-11-00", "25:00", "12:60",
               "2026-11-21 2026-11-22", "12:00 13:00", "3 moons ago", "99999999999 days ago", "ago",
               "next", "October", "1985", "12:00 +1", "2026-11-21 08:28 +99999", "1", "-");
  CAPTURE(text);
  CHECK_FALSE(parse(text));
}
