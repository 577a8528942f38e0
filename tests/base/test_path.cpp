#include <catch2/catch.hpp>

#include "base/path.hpp"

using xylem::path_components;
using Names = std::vector<std::string_view>;

TEST_CASE("a path is cut at its slashes") {
  CHECK(path_components("").empty());
  CHECK(path_components("/").empty());
  CHECK(path_components("a") == Names{"a"});
  CHECK(path_components("/a//b/") == Names{"a", "b"});
  CHECK(path_components("./../a") == Names{".", "..", "a"});
}
