#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/error_kind.hpp"
#include "tree/commit_filter.hpp"

using namespace xylem;
using namespace xylem::tree;

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
