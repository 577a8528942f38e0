#include <unistd.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <set>

#include "base/directory.hpp"
#include "base/os.hpp"
#include "base/os_metadata.hpp"
#include "repo/forked.hpp"
#include "repo/layout.hpp"
#include "repo/tmp_rules.hpp"
#include "repo/tmpdir.hpp"
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

  CHECK(clean_tmp(tmp.fd(), expiry) == 7);
  CHECK(names_in(tmp) == Names{"cache", layout::staging_prefix() + "young0", "fetch-young0",
                               "tmp.young0", "from-the-future"});
  CHECK(clean_tmp(tmp.fd(), expiry) == 0);
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
  CHECK(clean_tmp(tmp.fd(), expiry) == 0);
  CHECK(names_in(tmp) == before);
  held.clear();
  CHECK(clean_tmp(tmp.fd(), expiry) == 5);
  CHECK(names_in(tmp).empty());
}

TEST_CASE("a lock without its directory goes when it is old and free") {
  const TempDir tmp;
  make_file(tmp, "fetch-young0-lock");
  make_file(tmp, "fetch-old000-lock", old());
  make_file(tmp, "fetch-held00-lock", old());
  const LockFile held = LockFile::try_acquire(tmp.at("fetch-held00-lock"));
  CHECK(clean_tmp(tmp.fd(), expiry) == 1);
  CHECK(names_in(tmp) == Names{"fetch-young0-lock", "fetch-held00-lock"});
}

TEST_CASE("the lock of a directory stays with it") {
  const TempDir tmp;
  make_dir(tmp, "fetch-young0");
  make_file(tmp, "fetch-young0-lock", old());
  CHECK(clean_tmp(tmp.fd(), expiry) == 0);
  CHECK(names_in(tmp) == Names{"fetch-young0", "fetch-young0-lock"});
}

TEST_CASE("what cannot be removed does not keep the rest") {
  const TempDir tmp;
  make_dir(tmp, "fetch-stuck0", old());
  make_dir(tmp, "fetch-stuck0-lock");
  make_dir(tmp, "trash-other0");
  CHECK_THROWS_WITH(clean_tmp(tmp.fd(), expiry), Catch::Contains("fetch-stuck0"));
  CHECK(names_in(tmp) == Names{"fetch-stuck0", "fetch-stuck0-lock"});
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
    return clean_tmp(tmp.fd(), expiry) == 0 ? 0 : 2;
  });
  CHECK(child.wait() == 0);
  CHECK(names_in(tmp) == Names{"trash-other0", "tmp.old000"});
}

}  // namespace xylem::repo
