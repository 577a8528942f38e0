#include "delta/match/source_finder.hpp"

#include <catch2/catch.hpp>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::delta;
using namespace xylem::test;

namespace {

/// Where the files are that it finds.
class Finder {
 public:
  explicit Finder(const std::string& make_tree) {
    run_ok({"sh", "-euc", "cd " + dir_.path() + R"(
      mkdir tree; cd tree
      )" + make_tree + R"(
      cd ..
      ostree --repo=repo init --mode=bare-user
      ostree --repo=repo commit -b main --tree=dir=tree)"});
    repo_.emplace(repo::Repo::open(dir_.path() + "/repo"));
    const auto commit =
        Checksum::parse(run_ok({"ostree", "--repo=" + dir_.path() + "/repo", "rev-parse", "main"}));
    old_ = list_content(*repo_, commit, {});
    finder_.emplace(*repo_, old_);
  }

  std::vector<std::string> find(const std::string& path, std::uint64_t size) const {
    std::vector<std::string> paths;
    for (const OldFile& file : finder_->find({path}, size)) {
      const auto place = std::ranges::find(old_.files, file.checksum, &PlacedFile::file);
      paths.push_back(place->path);
    }
    return paths;
  }

 private:
  TempDir dir_;
  std::optional<repo::Repo> repo_;
  CommitContent old_;
  std::optional<SourceFinder> finder_;
};

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("The old file at the same path comes first, whatever its size") {
  const Finder finder("mkdir a b; printf '%9999s' x > a/f; printf '%9998s' y > b/f");
  CHECK(finder.find("b/f", 1) == Paths{"b/f", "a/f"});
  CHECK(finder.find("a/f", 9998) == Paths{"a/f", "b/f"});
}

TEST_CASE("Of the same name, the nearest come first") {
  const Finder finder(
      "mkdir -p usr/share/doc/one usr/share/doc/two opt; echo 1 > usr/share/doc/one/copyright;"
      "echo 2 > usr/share/doc/two/copyright; echo 3 > opt/copyright");
  const Paths found = finder.find("usr/share/doc/three/copyright", 2);
  REQUIRE(found.size() == 2);
  CHECK(found.front().starts_with("usr/share/doc/"));
  CHECK(found.back().starts_with("usr/share/doc/"));
}

TEST_CASE("Versions in names do not matter") {
  const Finder finder("mkdir -p usr/lib; echo a > usr/lib/libfoo-1.2.so.3; echo b > usr/lib/other");
  CHECK(finder.find("usr/lib/libfoo-1.10.so.4", 2) == Paths{"usr/lib/libfoo-1.2.so.3"});
  CHECK(finder.find("usr/lib/different", 2).empty());
}

TEST_CASE("Nothing is made of empty files, links and what is the owner's alone") {
  const Finder finder(": > empty; ln -s x link; echo a > secret; chmod 600 secret; echo b > good");
  CHECK(finder.find("empty", 5).empty());
  CHECK(finder.find("link", 5).empty());
  CHECK(finder.find("secret", 5).empty());
  CHECK(finder.find("good", 5) == Paths{"good"});
}

TEST_CASE("Names without versions") {
  CHECK(stem_of("libfoo-1.2.so.3") == "libfoo.so");
  CHECK(stem_of("libfoo.so.10.1.2") == "libfoo.so");
  CHECK(stem_of("python3.11") == "python");
  CHECK(stem_of("x") == "x");
  CHECK(stem_of("1.2-3").empty());
}

TEST_CASE("Directories that paths share") {
  CHECK(shared_directories("a/b/c/f", "a/b/d/f") == 2);
  CHECK(shared_directories("a/one/c/f", "a/two/c/f") == 2);
  CHECK(shared_directories("a/b/f", "a/b/f") == 2);
  CHECK(shared_directories("f", "a/f") == 0);
  CHECK(shared_directories("a/f", "b/f") == 0);
}
