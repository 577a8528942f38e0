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
