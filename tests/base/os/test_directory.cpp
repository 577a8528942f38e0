#include <dirent.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using test::write_file;

TEST_CASE("a directory is listed with types, again and again") {
  const test::TempDir dir;
  write_file(dir / "file", "");
  write_file(dir / ".hidden", "");
  os::make_dir(dir.at("dir"), 0755);
  os::symlink("x", dir.at("link"));
  for (int round = 0; round < 2; ++round) {
    std::map<std::string, int> types;
    for (const DirEntry& entry : list_directory(dir.fd())) types[entry.name] = entry.type;
    CHECK(types == std::map<std::string, int>{
                       {"file", DT_REG}, {".hidden", DT_REG}, {"dir", DT_DIR}, {"link", DT_LNK}});
  }
}

TEST_CASE("names are visited until it is enough") {
  const test::TempDir dir;
  for (const char* name : {"a", "b", "c"}) write_file(dir / name, "");
  std::set<std::string> all;
  visit_names(dir.fd(), [&](std::string_view name) {
    all.emplace(name);
    return true;
  });
  CHECK(all == std::set<std::string>{"a", "b", "c"});
  int visited = 0;
  visit_names(dir.fd(), [&](std::string_view) { return ++visited < 2; });
  CHECK(visited == 2);
}

TEST_CASE("a tree is removed, and nothing that it points to") {
  const test::TempDir dir;
  os::make_dirs(dir.at("tree/a/b/c"), 0755);
  os::make_dir(dir.at("outside"), 0755);
  write_file(dir / "outside/file", "kept");
  write_file(dir / "tree/a/file", "");
  os::symlink("../outside", dir.at("tree/link"));
  os::symlink("nowhere", dir.at("tree/a/broken"));
  CHECK(remove_tree(dir.at("tree")));
  CHECK_FALSE(os::exists(dir.at("tree")));
  CHECK(os::exists(dir.at("outside/file")));
  CHECK_FALSE(remove_tree(dir.at("tree")));
}

TEST_CASE("a link at the top goes, not its target") {
  const test::TempDir dir;
  os::make_dir(dir.at("target"), 0755);
  write_file(dir / "target/file", "");
  os::symlink("target", dir.at("link"));
  CHECK(remove_tree(dir.at("link")));
  CHECK_FALSE(os::exists(dir.at("link")));
  CHECK(os::exists(dir.at("target/file")));
}

TEST_CASE("a single file is a tree too") {
  const test::TempDir dir;
  write_file(dir / "file", "");
  CHECK(remove_tree(dir.at("file")));
  CHECK_FALSE(os::exists(dir.at("file")));
}

namespace {

/// No file can be unlinked.
class UnlinkFails : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation != os::Operation::Unlink) return real();
    errno = EIO;
    return -1;
  }
};

}  // namespace

TEST_CASE("every entry that cannot be removed is told") {
  const test::TempDir dir;
  os::make_dirs(dir.at("tree/a"), 0755);
  write_file(dir / "tree/a/first", "");
  write_file(dir / "tree/second", "");
  os::make_dirs(dir.at("tree/empty"), 0755);
  {
    UnlinkFails observer;
    const os::ObserverScope scope(observer);
    CHECK_THROWS_WITH(remove_tree(dir.at("tree")), Catch::Contains("2 failures") &&
                                                       Catch::Contains("first") &&
                                                       Catch::Contains("second"));
  }
  CHECK_FALSE(os::exists(dir.at("tree/empty")));
  CHECK(remove_tree(dir.at("tree")));
}
