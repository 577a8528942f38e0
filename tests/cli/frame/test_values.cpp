#include "cli/frame/values.hpp"

#include <catch2/catch.hpp>

#include "cli/frame/usage_error.hpp"

using namespace xylem::cli;

namespace {

std::string complaint(const std::string& text, IntegerRange range) {
  try {
    parse_integer("--depth", text, range);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("integers are decimal and within their range") {
  CHECK(parse_integer("--depth", "-1", {.least = -1}) == -1);
  CHECK(parse_integer("--depth", "0", {.least = -1}) == 0);
  CHECK(parse_integer("--depth", "2147483647", {}) == 2147483647);
  CHECK(complaint("-11", {.least = -1}) ==
        "Integer value '-11' for --depth out of range: -1 to 2147483647");
  for (const char* text : {"2147483648", "99999999999999999999", "-1"}) {
    CAPTURE(text);
    CHECK(complaint(text, {}).find("out of range") != std::string::npos);
  }
  for (const char* text : {"", "x", "1x", " 1", "+1", "0x10", "1.0", "-"}) {
    CAPTURE(text);
    CHECK(complaint(text, {}) ==
          "Cannot parse integer value '" + std::string(text) + "' for --depth");
  }
}

TEST_CASE("a key ends at the first equals sign") {
  CHECK(parse_key_value("--set", "a=b=c") == std::pair<std::string, std::string>("a", "b=c"));
  CHECK(parse_key_value("--set", "a=") == std::pair<std::string, std::string>("a", ""));
  for (const char* text : {"", "a", "=b"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_key_value("--set", text), UsageError);
  }
}

TEST_CASE("sizes have units of 1000 and of 1024") {
  CHECK(parse_size("--max-bytes", "0") == 0);
  CHECK(parse_size("--max-bytes", "500") == 500);
  CHECK(parse_size("--max-bytes", "1K") == 1000);
  CHECK(parse_size("--max-bytes", "1.5m") == 1'500'000);
  CHECK(parse_size("--max-bytes", "2MB") == 2'000'000);
  CHECK(parse_size("--max-bytes", "2GiB") == 2ULL << 30U);
  CHECK(parse_size("--max-bytes", "1Ti") == 1ULL << 40U);
  for (const char* text : {"", "M", "1X", "1MX", "-1", "1 M", "1..5", "1e3", "99999999T", "nan"})
    CHECK_THROWS_AS(parse_size("--max-bytes", text), UsageError);
}

TEST_CASE("durations have units of time") {
  using std::chrono::seconds;
  CHECK(parse_duration("--deadline", "90") == seconds(90));
  CHECK(parse_duration("--deadline", "90s") == seconds(90));
  CHECK(parse_duration("--deadline", "5m") == seconds(300));
  CHECK(parse_duration("--deadline", "1.5h") == seconds(5400));
  CHECK(parse_duration("--deadline", "1d") == seconds(86400));
  for (const char* text : {"", "m", "5x", "-5", "5 m", "999999d"})
    CHECK_THROWS_AS(parse_duration("--deadline", text), UsageError);
}
