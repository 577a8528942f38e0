#include "pull/report/bytes_left.hpp"

#include <catch2/catch.hpp>

using namespace xylem::pull;

TEST_CASE("nothing is left when no file is") {
  const auto left = bytes_left({.files_left = 0, .bytes_awaited = 7});
  REQUIRE(left);
  CHECK(left->bytes == 0);
  CHECK_FALSE(left->estimated);
}

TEST_CASE("sizes in the commits are exact") {
  ContentState state{.files_left = 2, .known_bytes_left = 1000, .open_bodies = 1};
  state.bytes_arrived = 300;
  CHECK(bytes_left(state)->bytes == 700);
  CHECK_FALSE(bytes_left(state)->estimated);

  // A server may send more than the commit says.
  state.bytes_arrived = 1100;
  CHECK(bytes_left(state)->bytes == 0);
}

TEST_CASE("without them, the lengths of open bodies are exact if nothing else is left") {
  const auto left = bytes_left({.files_left = 2, .open_bodies = 2, .bytes_awaited = 500});
  REQUIRE(left);
  CHECK(left->bytes == 500);
  CHECK_FALSE(left->estimated);
}

TEST_CASE("other files count as the mean of those before") {
  ContentState state{.files_left = 5, .files_fetched = 10, .bytes_fetched = 1000, .open_bodies = 2};
  state.bytes_awaited = 40;
  const auto left = bytes_left(state);
  REQUIRE(left);
  CHECK(left->bytes == 40 + 3 * 100);
  CHECK(left->estimated);
}

TEST_CASE("before the first file nobody knows") {
  CHECK_FALSE(bytes_left({.files_left = 5, .open_bodies = 2, .bytes_awaited = 40}));
}
