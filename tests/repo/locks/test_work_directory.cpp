#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "base/os/os.hpp"
#include "repo/forked.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"
#include "xylem/work_directory.hpp"

namespace xylem {

namespace {

using test::TempDir;

std::size_t count_entries(const std::string& dir) {
  const auto entries = std::filesystem::directory_iterator(dir);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

TEST_CASE("a work directory is removed with its lock, once", "[workdir]") {
  const TempDir parent;
  WorkDirectory work = WorkDirectory::make(parent.path(), "build-");
  CHECK(work.path().starts_with(parent / "build-"));
  CHECK_FALSE(work.was_there());
  CHECK(work.fd() >= 0);
  CHECK(count_entries(parent.path()) == 2);
  test::write_file(work.path() + "/file", "content");
  work.touch();
  work.remove();
  CHECK(count_entries(parent.path()) == 0);
  CHECK(work.path().empty());
  CHECK(work.fd() == -1);
  work.remove();
}

TEST_CASE("what is in use is neither taken over nor removed", "[workdir]") {
  const TempDir parent;
  const WorkDirectory first = WorkDirectory::make(parent.path(), "build-");
  const WorkDirectory second = WorkDirectory::take_over(parent.path(), "build-");
  CHECK(first.path() != second.path());
  const StaleDirectories stale = remove_stale_directories(parent.path(), "build-");
  CHECK(stale.removed.empty());
  CHECK(stale.in_use.size() == 2);
  CHECK(os::exists({FileDescriptor::cwd(), first.path()}));
}

TEST_CASE("what a killed process left is taken over, or removed", "[workdir]") {
  const TempDir parent;
  std::filesystem::create_directory(parent / "other");
  const auto leave = [&] {
    test::ParkedChild child([&] {
      WorkDirectory work = WorkDirectory::make(parent.path(), "build-");
      test::write_file(work.path() + "/file", "content");
      return work;
    });
    CHECK(remove_stale_directories(parent.path(), "build-").in_use.size() == 1);
    child.kill();
  };
  leave();
  {
    const WorkDirectory taken = WorkDirectory::take_over(parent.path(), "build-");
    CHECK(taken.was_there());
    CHECK(as_text(test::read_file(taken.path() + "/file")) == "content");
  }
  CHECK(remove_stale_directories(parent.path(), "build-").removed.size() == 1);
  leave();
  test::write_file(parent / "build-alone-lock", "");
  CHECK(remove_stale_directories(parent.path(), "build-").removed.size() == 1);
  CHECK(count_entries(parent.path()) == 1);
}

TEST_CASE("a tree is out of the way at once", "[workdir]") {
  const TempDir parent;
  WorkDirectory work = WorkDirectory::make(parent.path(), "build-");
  for (int round = 0; round < 2; ++round) {
    std::filesystem::create_directories(parent / "tree/deep");
    test::write_file(parent / "tree/deep/file", "content");
    const std::string name = work.stage_deletion(parent / "tree");
    CHECK_FALSE(os::exists(parent.at("tree")));
    CHECK(os::exists({FileDescriptor::cwd(), work.path() + "/" + name + "/deep/file"}));
  }
  CHECK(error_kind([&] { work.stage_deletion(parent / "nosuch"); }) == ErrorKind::Io);
  work.remove();
  CHECK(count_entries(parent.path()) == 0);
  CHECK(error_kind([&] { work.stage_deletion(parent / "x"); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("a prefix that means directories of others is refused", "[workdir]") {
  const TempDir parent;
  for (const std::string prefix : {"", ".", "..", "a/b", "/"}) {
    CHECK(error_kind([&] { WorkDirectory::make(parent.path(), prefix); }) ==
          ErrorKind::InvalidArgument);
    CHECK(error_kind([&] { remove_stale_directories(parent.path(), prefix); }) ==
          ErrorKind::InvalidArgument);
  }
  CHECK(error_kind([&] { WorkDirectory::make(parent / "nosuch", "a"); }) == ErrorKind::Io);
}

}  // namespace xylem
