#include <unistd.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/layout.hpp"
#include "repo/forked.hpp"
#include "repo/locks/tmp_rules.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/staging/tmp_cleanup.hpp"
#include "support/temp_dir.hpp"

namespace xylem::repo {

namespace {

using test::TempDir;
using namespace std::chrono_literals;

constexpr auto expiry = 24h;

std::time_t old() {
  return std::time(nullptr) - 25 * 60 * 60;
}

void make_dir(const TempDir& tmp, const std::string& name,
              std::optional<std::time_t> modified = {}) {
  os::make_dirs(tmp.at(name + "/inside"), 0755);
  if (modified) os::set_mtime(tmp.at(name), *modified);
}

void make_file(const TempDir& tmp, const std::string& name,
               std::optional<std::time_t> modified = {}) {
  test::write_file(tmp / name, "x");
  if (modified) os::set_mtime(tmp.at(name), *modified);
}

std::set<std::string> names_in(const TempDir& tmp) {
  std::set<std::string> names;
  for (const DirEntry& entry : list_directory(tmp.fd())) names.insert(entry.name);
  return names;
}

using Names = std::set<std::string>;

/// How many entries go; nothing may fail.
std::size_t clean(const TempDir& tmp) {
  const TmpCleanup cleanup = clean_tmp(tmp.fd(), expiry);
  CHECK(cleanup.failures.empty());
  return cleanup.removed.size();
}

}  // namespace

TEST_CASE("what is unneeded is decided by name and age") {
  const TmpRules rules{"staging-this-", 1'000'000, 1000s};
  struct Row {
    const char* name;
    bool is_dir;
    std::time_t modified;
    bool unneeded;
  };
  constexpr std::time_t fresh = 999'500;
  constexpr std::time_t expired = 998'999;
  const Row table[] = {
      {"staging-this-aaaaaa", true, fresh, false},
      {"staging-this-aaaaaa", true, expired, true},
      {"staging-other-aaaaaa", true, fresh, true},
      {"staging-other-aaaaaa", false, fresh, true},
      {"staging-other-aaaaaa-lock", false, fresh, false},
      {"staging-other-aaaaaa-lock", false, expired, true},
      {"fetch-aaaaaa", true, fresh, false},
      {"fetch-aaaaaa", true, expired, true},
      {"trash-aaaaaa", true, fresh, true},
      {"trash-aaaaaa-lock", false, fresh, false},
      {"summary-aaaaaa", true, fresh, false},
      {"summary-aaaaaa", true, expired, true},
      {"tmplink.aaaaaa", false, expired, true},
      {"anything", false, 999'000, false},
      {"anything", false, 2'000'000, false},
  };
  for (const Row& row : table) {
    INFO(row.name << " " << row.modified);
    CHECK(rules.is_unneeded(row.name, row.is_dir, row.modified) == row.unneeded);
  }
  CHECK(TmpRules::is_lock_of_tmpdir("trash-aaaaaa-lock"));
  CHECK(TmpRules::is_lock_of_tmpdir("staging-other-aaaaaa-lock"));
  CHECK_FALSE(TmpRules::is_lock_of_tmpdir("other-aaaaaa-lock"));
  CHECK_FALSE(TmpRules::is_lock_of_tmpdir("fetch-aaaaaa"));
  CHECK(rules.is_kept("cache"));
  CHECK_FALSE(rules.is_kept("cached"));
}

TEST_CASE("old left-overs go, young ones stay") {
  const TempDir tmp;
  make_dir(tmp, "cache", old());
  make_dir(tmp, "staging-another-boot-000000");
  make_dir(tmp, layout::staging_prefix() + "young0");
  make_dir(tmp, layout::staging_prefix() + "old000", old());
  make_dir(tmp, "fetch-young0");
  make_dir(tmp, "fetch-old000", old());
  make_dir(tmp, "trash-young0");
  make_dir(tmp, "summary-old000", old());
  make_file(tmp, "tmp.young0");
  make_file(tmp, "tmp.old000", old());
  make_file(tmp, "from-the-future", std::time(nullptr) + 10000);
  os::symlink("/nowhere", tmp.at("tmplink.old000"));
  os::set_mtime(tmp.at("tmplink.old000"), old());

  CHECK(clean(tmp) == 7);
  CHECK(names_in(tmp) == Names{"cache", layout::staging_prefix() + "young0", "fetch-young0",
                               "tmp.young0", "from-the-future"});
  CHECK(clean(tmp) == 0);
}

TEST_CASE("what somebody holds stays, however old") {
  const TempDir tmp;
  std::vector<TmpDir> held;
  for (const std::string& prefix :
       {std::string("staging-another-boot-"), layout::staging_prefix(), std::string("fetch-"),
        std::string("trash-"), std::string("other-")})
    held.push_back(allocate_tmpdir(tmp.fd(), prefix));
  for (const std::string& name : names_in(tmp)) os::set_mtime(tmp.at(name), old());
  const Names before = names_in(tmp);
  CHECK(before.size() == 10);
  CHECK(clean(tmp) == 0);
  CHECK(names_in(tmp) == before);
  held.clear();
  CHECK(clean(tmp) == 5);
  CHECK(names_in(tmp).empty());
}

TEST_CASE("a lock without its directory goes when it is free") {
  const TempDir tmp;
  make_file(tmp, "fetch-young0-lock");
  make_file(tmp, "staging-any-boot-old000-lock", old());
  make_file(tmp, "fetch-held00-lock", old());
  make_file(tmp, "somebodys-young0-lock");
  make_file(tmp, "somebodys-old000-lock", old());
  const LockFile held = LockFile::try_acquire(tmp.at("fetch-held00-lock"));
  CHECK(clean(tmp) == 3);
  CHECK(names_in(tmp) == Names{"fetch-held00-lock", "somebodys-young0-lock"});
}

TEST_CASE("the lock of a directory stays with it") {
  const TempDir tmp;
  make_dir(tmp, "fetch-young0");
  make_file(tmp, "fetch-young0-lock", old());
  CHECK(clean(tmp) == 0);
  CHECK(names_in(tmp) == Names{"fetch-young0", "fetch-young0-lock"});
}

TEST_CASE("what cannot be removed does not keep the rest, and each failure is told") {
  const TempDir tmp;
  for (const std::string name : {"fetch-stuck1", "fetch-stuck2"}) {
    make_dir(tmp, name, old());
    make_dir(tmp, name + "-lock");
  }
  make_dir(tmp, "trash-other0");
  const TmpCleanup cleanup = clean_tmp(tmp.fd(), expiry);
  CHECK(cleanup.removed == std::vector<std::string>{"trash-other0"});
  CHECK(cleanup.failures.count() == 2);
  CHECK_THAT(cleanup.failures.joined("Left-overs").what(), Catch::Contains("2 failures") &&
                                                               Catch::Contains("fetch-stuck1") &&
                                                               Catch::Contains("fetch-stuck2"));
  CHECK(names_in(tmp).size() == 4);
}

TEST_CASE("a directory that lost its lock file is in use while its owner lives") {
  const TempDir tmp;
  TmpDir dir = allocate_tmpdir(tmp.fd(), "staging-another-boot-");
  os::unlink(tmp.at(dir.name() + "-lock"));
  os::set_mtime(tmp.at(dir.name()), old());
  const TmpCleanup cleanup = clean_tmp(tmp.fd(), expiry);
  CHECK(cleanup.removed.empty());
  CHECK(cleanup.in_use == std::vector<std::string>{dir.name()});
  CHECK(os::exists(tmp.at(dir.name())));
}

TEST_CASE("recovering is idempotent, and gives up after a few tries") {
  const test::OstreeRepo made;
  const Repo repo = made.open();
  const auto make = [&](const std::string& name) { os::make_dir({repo.tmp(), name}, 0755); };
  make("trash-one000");
  make("staging-another-boot-000000");
  test::write_file(made / "tmp/fetch-gone00-lock", "");
  CHECK(recover(repo).removed.size() == 3);
  CHECK(recover(repo).removed.empty());

  make("fetch-stuck0");
  make("fetch-stuck0-lock");
  os::set_mtime({repo.tmp(), "fetch-stuck0"}, old());
  for (int again = 0; again < 2; ++again) {
    const TmpCleanup stuck = recover(repo);
    CHECK(stuck.removed.empty());
    CHECK(stuck.failures.count() == 1);
  }
}

TEST_CASE("left-overs of another user are not ours to remove") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can become another user");
    return;
  }
  const TempDir tmp;
  os::set_mode(tmp.fd(), 0755);
  make_dir(tmp, "trash-other0");
  make_file(tmp, "tmp.old000", old());
  test::Forked child([&] {
    if (!test::become_nobody()) return 1;
    const TmpCleanup cleanup = clean_tmp(tmp.fd(), expiry);
    return cleanup.removed.empty() && cleanup.failures.empty() ? 0 : 2;
  });
  CHECK(child.wait() == 0);
  CHECK(names_in(tmp) == Names{"trash-other0", "tmp.old000"});
}

}  // namespace xylem::repo
