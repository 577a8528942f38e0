#include "base/similar.hpp"

#include <catch2/catch.hpp>

using namespace xylem;

TEST_CASE("a slip is a letter changed, added, left out or swapped") {
  CHECK(edit_distance("pull", "pull") == 0);
  CHECK(edit_distance("pull", "poll") == 1);
  CHECK(edit_distance("pull", "pul") == 1);
  CHECK(edit_distance("pull", "pulll") == 1);
  CHECK(edit_distance("pull", "plul") == 1);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("origin", "orign") == 1);
}

TEST_CASE("the nearest name is offered, if any is near") {
  const std::vector<std::string> names{"pull-local", "pull", "prune", "refs", "remote"};
  CHECK(nearest("pul", names) == "pull");
  CHECK(nearest("pull-", names) == "pull");
  CHECK(nearest("rem", names) == "remote");
  CHECK(nearest("reomte", names) == "remote");
  CHECK(nearest("frobnicate", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest("x", {}).empty());
}
