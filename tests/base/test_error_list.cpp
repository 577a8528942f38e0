#include <catch2/catch.hpp>

#include "base/error_list.hpp"

namespace xylem {

namespace {

[[noreturn]] void fail(ErrorKind kind, const std::string& message) {
  throw Error(kind, message, {.path = "/" + message});
}

}  // namespace

TEST_CASE("one failure is told as it is") {
  ErrorList list;
  CHECK(list.attempt([] {}));
  CHECK(list.empty());
  CHECK_NOTHROW(list.throw_if_any("x"));
  CHECK_FALSE(list.attempt([] { fail(ErrorKind::Corrupt, "first"); }));
  CHECK(list.joined("x").what() == std::string("first"));
}

TEST_CASE("several failures are told as one, and none is lost") {
  ErrorList list;
  list.attempt([] { fail(ErrorKind::NoSpace, "first"); });
  ErrorList more;
  more.attempt([] { fail(ErrorKind::Io, "second"); });
  more.attempt([] { fail(ErrorKind::Io, "third"); });
  list.add(more);
  const Error error = list.joined("Cleaning");
  CHECK(error.what() == std::string("Cleaning: 3 failures: first; second; third"));
  CHECK(error.kind() == ErrorKind::NoSpace);
  CHECK(error.details().path == "/first");
}

TEST_CASE("a flood is counted, not kept") {
  ErrorList flood;
  for (int i = 0; i < 250; ++i) flood.add(Error(ErrorKind::Io, std::to_string(i)));
  ErrorList list;
  list.add(flood);
  CHECK(list.count() == 250);
  CHECK(list.errors().size() == ErrorList::capacity);
  CHECK_THAT(list.joined("x").what(), Catch::EndsWith("; 99; and 150 more"));
}

TEST_CASE("a cancellation ends everything") {
  ErrorList list;
  CHECK_THROWS_AS(list.attempt([] { fail(ErrorKind::Cancelled, "stop"); }), Error);
  CHECK(list.empty());
}

}  // namespace xylem
