#include <catch2/catch.hpp>

#include "support/error_kind.hpp"
#include "tree/walk.hpp"

using namespace xylem;
using namespace xylem::tree;

TEST_CASE("paths in commits") {
  CHECK(canonical_path("") == "/");
  CHECK(canonical_path("//") == "/");
  CHECK(canonical_path("usr//bin/") == "/usr/bin");
  CHECK(child_path("/", "usr") == "/usr");
  CHECK(child_path("/usr", "bin") == "/usr/bin");
  CHECK_NOTHROW(check_depth(max_depth, "/"));
  CHECK(error_kind([] { check_depth(max_depth + 1, "/"); }) == ErrorKind::Corrupt);
}
