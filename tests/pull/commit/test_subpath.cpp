#include <catch2/catch.hpp>

#include "pull/commit/subpath.hpp"
#include "xylem/error.hpp"

using xylem::pull::SubpathFilter;
using Verdict = SubpathFilter::Verdict;

TEST_CASE("no subpath selects everything") {
  const SubpathFilter filter({});
  CHECK(filter.selects_everything());
  CHECK(filter.directory("/") == Verdict::All);
  CHECK(filter.directory("/usr/lib") == Verdict::All);
  CHECK(filter.file("/etc/passwd"));
}

TEST_CASE("subpaths select what is below them and the way there") {
  struct Row {
    std::vector<std::string> wanted;
    const char* directory;
    Verdict verdict;
  };
  const std::vector<Row> rows = {
      {{"/usr/lib"}, "/", Verdict::Descend},
      {{"/usr/lib"}, "/usr", Verdict::Descend},
      {{"/usr/lib"}, "/usr/lib", Verdict::All},
      {{"/usr/lib"}, "/usr/lib/a/b", Verdict::All},
      {{"/usr/lib"}, "/usr/lib64", Verdict::Skip},
      {{"/usr/lib"}, "/usr/libexec", Verdict::Skip},
      {{"/usr/lib"}, "/etc", Verdict::Skip},
      {{"/usr/lib"}, "/us", Verdict::Skip},
      {{"//usr///lib/"}, "/usr/lib", Verdict::All},
      {{"/"}, "/anything", Verdict::All},
      {{"/a", "/b/c"}, "/a", Verdict::All},
      {{"/a", "/b/c"}, "/b", Verdict::Descend},
      {{"/a", "/b/c"}, "/b/d", Verdict::Skip},
      {{"/usr", "/usr/lib"}, "/usr/share", Verdict::All},
  };
  for (const Row& row : rows) {
    CAPTURE(row.wanted, row.directory);
    CHECK(SubpathFilter(row.wanted).directory(row.directory) == row.verdict);
  }
}

TEST_CASE("a subpath may name one file") {
  const SubpathFilter filter({"/etc/passwd"});
  CHECK(filter.directory("/etc") == Verdict::Descend);
  CHECK(filter.file("/etc/passwd"));
  CHECK_FALSE(filter.file("/etc/group"));
  CHECK_FALSE(filter.file("/passwd"));
}

TEST_CASE("subpaths that are not plain absolute paths are refused") {
  for (const char* path : {"", "usr", "./usr", "/usr/..", "/../etc", "/.", "/a/./b"}) {
    CAPTURE(path);
    CHECK_THROWS_AS(SubpathFilter({path}), xylem::Error);
  }
}

TEST_CASE("child paths have one slash") {
  CHECK(xylem::pull::child_path("/", "usr") == "/usr");
  CHECK(xylem::pull::child_path("", "usr") == "/usr");
  CHECK(xylem::pull::child_path("/usr", "lib") == "/usr/lib");
}
