#include <catch2/catch.hpp>
#include <set>

#include "xylem/error.hpp"

using namespace xylem;

TEST_CASE("each kind has its own name and exit code") {
  std::set<std::string_view> names;
  std::set<int> codes;
  for (int value = static_cast<int>(ErrorKind::NotFound);
       value <= static_cast<int>(ErrorKind::Conflict); ++value) {
    const auto kind = static_cast<ErrorKind>(value);
    names.insert(name(kind));
    codes.insert(exit_code(kind));
    CHECK(make_error_code(kind).message() == name(kind));
  }
  CHECK(names.size() == 14);
  CHECK(codes.size() == 14);
  CHECK(*codes.begin() == 3);
  CHECK(*codes.rbegin() == 16);
  CHECK(name(static_cast<ErrorKind>(99)) == "unknown");
}

TEST_CASE("a kind is an error code") {
  const std::error_code code = ErrorKind::NoSpace;
  CHECK(code == ErrorKind::NoSpace);
  CHECK(code != ErrorKind::Io);
  CHECK(std::string(code.category().name()) == "xylem");
  CHECK(Error(ErrorKind::Locked, "busy").code() == ErrorKind::Locked);
}

TEST_CASE("context is added from the inside out") {
  Error error(ErrorKind::Corrupt, "bad byte", {.object = "x.commit"});
  error.prefix("reading").prefix("pulling");
  CHECK(std::string(error.what()) == "pulling: reading: bad byte");
  CHECK(error.details().object == "x.commit");
}

TEST_CASE("the innermost hint stays") {
  Error error(ErrorKind::Io, "no");
  error.hint("first").hint("second");
  CHECK(error.details().hint == "first");
}

TEST_CASE("a copy of an error is whole") {
  const Error error(ErrorKind::NoSpace, "full", {.path = "/a", .needed_bytes = 5});
  const Error copy = error;
  CHECK(copy.kind() == ErrorKind::NoSpace);
  CHECK(copy.details().path == "/a");
  CHECK(copy.details().needed_bytes == 5);
  CHECK(std::string(copy.what()) == "full");
}
