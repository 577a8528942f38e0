#include <catch2/catch.hpp>

#include "tree/checkout/checkout_file.hpp"

using namespace xylem;
using namespace xylem::tree;

TEST_CASE("which files can be hard links") {
  using repo::Mode;
  struct Row {
    Mode mode;
    bool user_mode;
    bool is_symlink;
    bool expected;
  };
  const std::vector<Row> table{
      {Mode::Bare, false, false, true},        {Mode::Bare, false, true, true},
      {Mode::Bare, true, false, false},        {Mode::BareUser, true, false, true},
      {Mode::BareUser, true, true, false},     {Mode::BareUser, false, false, false},
      {Mode::BareUserOnly, true, false, true}, {Mode::BareUserOnly, true, true, false},
      {Mode::Archive, true, false, false},     {Mode::Archive, false, false, false},
  };
  for (const Row& row : table)
    CHECK(can_hardlink(row.mode, row.user_mode, row.is_symlink) == row.expected);
}
