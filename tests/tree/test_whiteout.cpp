#include <catch2/catch.hpp>

#include "support/error_kind.hpp"
#include "tree/checkout/whiteout.hpp"

using namespace xylem;
using namespace xylem::tree;

TEST_CASE("whiteouts say what they hide") {
  CHECK(hidden_name(".wh.file") == "file");
  CHECK(hidden_name("file") == std::nullopt);
  CHECK(hidden_name(".wh") == std::nullopt);
  for (const char* bad : {".wh.", ".wh..", ".wh..."})
    CHECK(error_kind([&] { hidden_name(bad); }) == ErrorKind::InvalidArgument);
  object::DirTree tree;
  CHECK_FALSE(is_opaque(tree));
  tree.files.push_back({".wh..wh..opq", {}});
  CHECK(is_opaque(tree));
}
