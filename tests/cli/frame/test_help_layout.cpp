#include "cli/frame/help_layout.hpp"

#include <catch2/catch.hpp>

#include "cli/frame/copyable_hint.hpp"

using namespace xylem::cli;

TEST_CASE("text is broken between words") {
  CHECK(wrap("one two three", 80, 4) == "one two three");
  CHECK(wrap("one two three", 11, 4) == "one two\n    three");
  CHECK(wrap("incomprehensibilities a", 10, 2) == "incomprehensibilities\n  a");
  CHECK(wrap("", 10, 2).empty());
}

TEST_CASE("an entry has its text beside the label, or below it") {
  CHECK(help_entry("--mirror", "Write refs", 20, 80) == "  --mirror          Write refs\n");
  CHECK(help_entry("--a-label-that-is-long", "Write refs", 20, 80) ==
        "  --a-label-that-is-long\n                    Write refs\n");
  CHECK(help_entry("--mirror", "Write refs for a mirror", 20, 40) ==
        "  --mirror\n      Write refs for a mirror\n");
  CHECK(help_entry("--mirror", "", 20, 80) == "  --mirror\n");
}

TEST_CASE("commands in hints name the repository") {
  CHECK(copyable_hint("`xylem remote list` lists the remotes", "/srv/repo") ==
        "`xylem remote list --repo=/srv/repo` lists the remotes");
  CHECK(copyable_hint("try `xylem refs`, or `xylem prune`", "r") ==
        "try `xylem refs --repo=r`, or `xylem prune --repo=r`");
  CHECK(copyable_hint("`xylem refs --repo=other` lists them", "r") ==
        "`xylem refs --repo=other` lists them");
  CHECK(copyable_hint("have the server run `xylem summary -u`", "r") ==
        "have the server run `xylem summary -u`");
  CHECK(copyable_hint("`xylem refs` lists them", "") == "`xylem refs` lists them");
  CHECK(copyable_hint("`xylem refs", "r") == "`xylem refs");
}
