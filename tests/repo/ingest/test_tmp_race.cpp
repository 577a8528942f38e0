#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/forked.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/staging/tmp_cleanup.hpp"
#include "support/temp_dir.hpp"

namespace xylem::repo {

namespace {

using test::Forked;
using test::TempDir;

constexpr char prefix[] = "staging-race-";
constexpr char mark[] = "in-use";
constexpr int rounds = 60;

/// Allocates again and again, and makes sure each time to be alone. 0 if it always was.
int use_directories(FileDescriptor tmp, int seed) {
  for (int round = 0; round < rounds; ++round) {
    TmpDir dir = allocate_tmpdir(tmp, prefix);
    if (!os::make_dir({dir.fd(), mark}, 0755)) return 1;
    ::usleep(static_cast<useconds_t>((seed * 7 + round * 13) % 300));
    if (!os::exists({tmp, dir.name() + "/" + mark})) return 2;
    if (!os::remove_dir({dir.fd(), mark})) return 3;
    if ((seed + round) % 3 == 0) dir.remove();
  }
  return 0;
}

/// Cleans up as another boot would: every directory that is free may go at any time.
int clean_again_and_again(FileDescriptor tmp) {
  ::setenv("OSTREE_BOOTID", "another", 1);
  for (int round = 0; round < 4 * rounds; ++round) clean_tmp(tmp, std::chrono::hours(24));
  return 0;
}

std::vector<std::unique_ptr<Forked>> start_users(FileDescriptor tmp, int count) {
  std::vector<std::unique_ptr<Forked>> users;
  for (int seed = 0; seed < count; ++seed)
    users.push_back(std::make_unique<Forked>([=] { return use_directories(tmp, seed); }));
  return users;
}

}  // namespace

TEST_CASE("processes never share a temporary directory") {
  const TempDir tmp;
  for (const auto& user : start_users(tmp.fd(), 6)) CHECK(user->wait() == 0);
  for (const DirEntry& entry : list_directory(tmp.fd())) CHECK_FALSE(entry.name.ends_with("-lock"));
}

TEST_CASE("cleaning up never takes a directory from its user") {
  const TempDir tmp;
  const auto users = start_users(tmp.fd(), 4);
  Forked cleaner([&] { return clean_again_and_again(tmp.fd()); });
  Forked other_cleaner([&] { return clean_again_and_again(tmp.fd()); });
  for (const auto& user : users) CHECK(user->wait() == 0);
  CHECK(cleaner.wait() == 0);
  CHECK(other_cleaner.wait() == 0);
}

TEST_CASE("users that are killed at any moment leave directories that others can use") {
  const TempDir tmp;
  for (int round = 0; round < 20; ++round) {
    const auto users = start_users(tmp.fd(), 2);
    ::usleep(static_cast<useconds_t>(500 * round));
    for (const auto& user : users) user->kill();
  }
  // A killed user's mark may be there; that is for its next user to deal with.
  std::vector<TmpDir> all;
  for (const DirEntry& entry : list_directory(tmp.fd()))
    if (!entry.name.ends_with("-lock")) all.push_back(allocate_tmpdir(tmp.fd(), prefix));
  std::set<std::string> names;
  for (const TmpDir& dir : all) {
    CHECK(dir.reused());
    CHECK(names.insert(dir.name()).second);
  }
}

TEST_CASE("threads never share a temporary directory") {
  const TempDir tmp;
  std::mutex mutex;
  std::set<std::string> in_use;
  std::atomic<int> shared = 0;
  const auto use = [&] {
    for (int round = 0; round < rounds; ++round) {
      TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
      {
        const std::lock_guard lock(mutex);
        if (!in_use.insert(dir.name()).second) ++shared;
      }
      std::this_thread::yield();
      const std::lock_guard lock(mutex);
      in_use.erase(dir.name());
      dir = TmpDir();
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back(use);
  for (std::thread& thread : threads) thread.join();
  CHECK(shared == 0);
}

}  // namespace xylem::repo
