// The pieces by themselves.

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <atomic>
#include <stdexcept>

#include "support/error_kind.hpp"
#include "task/task_pool.hpp"
#include "tree/checkout_file.hpp"
#include "tree/commit_filter.hpp"
#include "tree/walk.hpp"
#include "tree/whiteout.hpp"

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

TEST_CASE("a filter changes owners and modes") {
  CommitModifier modifier;
  modifier.owner_uid = 7;
  modifier.read_only_executables = true;
  modifier.mode_adds["/su"] = 04000;
  modifier.mode_values["/data"] = 0640;
  modifier.skip_paths = {"/gone"};
  CommitFilter filter(modifier, repo::Mode::Archive);

  const auto apply = [&](const std::string& path, std::uint32_t mode) {
    Ownership ownership{1, 2, mode};
    CHECK(filter.apply(path, ownership));
    CHECK(ownership.uid == 7);
    CHECK(ownership.gid == 2);
    return ownership.mode;
  };
  CHECK(apply("/tool", S_IFREG | 0775) == (S_IFREG | 0555));
  CHECK(apply("/text", S_IFREG | 0664) == (S_IFREG | 0664));
  CHECK(apply("/dir", S_IFDIR | 0775) == (S_IFDIR | 0775));
  CHECK(apply("/data", S_IFREG | 0666) == (S_IFREG | 0640));
  CHECK(error_kind([&] { filter.check_all_used(); }) == ErrorKind::InvalidArgument);
  CHECK(apply("/su", S_IFREG | 0755) == (S_IFREG | 04555));
  CHECK(apply("/su", S_IFREG | 0644) == (S_IFREG | 0644));  // used up

  Ownership ownership;
  CHECK_FALSE(filter.apply("/gone", ownership));
  CHECK(filter.apply("/gone", ownership));  // used up
  CHECK_FALSE(error_kind([&] { filter.check_all_used(); }));
}

TEST_CASE("canonical permissions are those that every repository keeps") {
  const CommitModifier nothing;
  CommitFilter filter(nothing, repo::Mode::BareUserOnly);
  CHECK(filter.active());
  CHECK_FALSE(filter.keeps_xattrs());
  const auto canonical = [&](std::uint32_t mode) {
    Ownership ownership{5, 6, mode};
    filter.apply("/x", ownership);
    CHECK(ownership.uid == 0);
    CHECK(ownership.gid == 0);
    return ownership.mode;
  };
  CHECK(canonical(S_IFREG | 06777) == (S_IFREG | 0755));
  CHECK(canonical(S_IFDIR | 01777) == (S_IFDIR | 0755));
  CHECK(canonical(S_IFLNK | 0777) == (S_IFLNK | 0777));
  CHECK_FALSE(CommitFilter(nothing, repo::Mode::Archive).active());
}

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

TEST_CASE("paths in commits") {
  CHECK(canonical_path("") == "/");
  CHECK(canonical_path("//") == "/");
  CHECK(canonical_path("usr//bin/") == "/usr/bin");
  CHECK(child_path("/", "usr") == "/usr");
  CHECK(child_path("/usr", "bin") == "/usr/bin");
  CHECK_NOTHROW(check_depth(max_depth, "/"));
  CHECK(error_kind([] { check_depth(max_depth + 1, "/"); }) == ErrorKind::Corrupt);
}

TEST_CASE("a pool does all tasks") {
  TaskPool pool(3);
  std::atomic<int> done = 0;
  for (int round = 1; round <= 2; ++round) {
    for (int i = 0; i < 1000; ++i) pool.submit([&] { ++done; });
    pool.wait();
    CHECK(done == 1000 * round);
  }
}

TEST_CASE("a pool passes the first failure on and drops the rest") {
  TaskPool pool(2);
  const auto fill = [&] {
    for (int i = 0; i < 100000; ++i) pool.submit([] { throw std::runtime_error("no"); });
    pool.wait();
  };
  CHECK_THROWS_AS(fill(), std::runtime_error);
  std::atomic<int> done = 0;
  pool.submit([&] { ++done; });
  pool.wait();
  CHECK(done == 1);
}

TEST_CASE("a pool that goes away waits for what runs") {
  std::atomic<int> running = 0;
  {
    TaskPool pool(4);
    for (int i = 0; i < 32; ++i)
      pool.submit([&] {
        ++running;
        std::this_thread::yield();
        --running;
      });
  }
  CHECK(running == 0);
}
