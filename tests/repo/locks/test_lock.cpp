#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/forked.hpp"
#include "repo/locks/lock.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/parked_ostree.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

using os::LockMode;
using test::OstreeRepo;
using test::TempDir;
using namespace std::chrono_literals;

constexpr std::optional<std::chrono::milliseconds> for_ever;

RepoLock lock(FileDescriptor dir, LockMode mode,
              std::optional<std::chrono::milliseconds> timeout = 0ms) {
  return RepoLock::acquire(dir, mode, {timeout, {}});
}

bool is_refused(FileDescriptor dir, LockMode mode) {
  return error_kind([&] { lock(dir, mode, 30ms); }) == ErrorKind::Locked;
}

/// A repository as far as its lock is concerned.
struct LockedDir : TempDir {
  LockedDir() { os::make_dir(at(layout::tmp), 0755); }
  /// Whether somebody waits for the exclusive lock.
  bool has_line() const { return os::is_dir_locked(os::open_dir(at(layout::tmp))); }
};

}  // namespace

TEST_CASE("shared locks go together, exclusive ones do not") {
  const TempDir dir;
  {
    const RepoLock first = lock(dir.fd(), LockMode::Shared);
    const RepoLock second = lock(dir.fd(), LockMode::Shared);
    CHECK(first.held());
    CHECK(second.held());
    CHECK(is_refused(dir.fd(), LockMode::Exclusive));
  }
  const RepoLock alone = lock(dir.fd(), LockMode::Exclusive);
  CHECK(is_refused(dir.fd(), LockMode::Exclusive));
  CHECK(is_refused(dir.fd(), LockMode::Shared));
}

TEST_CASE("who waits for the exclusive lock is let in before later readers") {
  const LockedDir dir;
  RepoLock reader = lock(dir.fd(), LockMode::Shared);
  RepoLock writer;
  std::thread waiting([&] { writer = lock(dir.fd(), LockMode::Exclusive, for_ever); });
  while (!dir.has_line()) std::this_thread::sleep_for(1ms);
  RepoLock later;
  std::thread coming([&] { later = lock(dir.fd(), LockMode::Shared, for_ever); });
  std::this_thread::sleep_for(50ms);
  reader.release();
  waiting.join();
  CHECK(writer.held());
  writer.release();
  coming.join();
  CHECK(later.held());
  CHECK_FALSE(dir.has_line());
}

TEST_CASE("readers do not wait for a waiting writer for ever: they may have the lock already") {
  const LockedDir dir;
  const RepoLock reader = lock(dir.fd(), LockMode::Shared);
  CancelSource cancel;
  std::thread waiting([&] {
    CHECK(error_kind([&] {
            RepoLock::acquire(dir.fd(), LockMode::Exclusive, {for_ever, cancel.token()});
          }) == ErrorKind::Cancelled);
  });
  while (!dir.has_line()) std::this_thread::sleep_for(1ms);
  CHECK(lock(dir.fd(), LockMode::Shared, for_ever).held());
  cancel.cancel();
  waiting.join();
}

TEST_CASE("who may only read locks the file that is there, and makes none") {
  const TempDir dir;
  const RepoLock::Wait reading{0ms, {}, false};
  CHECK_FALSE(RepoLock::acquire(dir.fd(), LockMode::Shared, reading).held());
  CHECK_FALSE(os::exists({dir.fd(), layout::lock}));
  lock(dir.fd(), LockMode::Exclusive).release();
  const RepoLock reader = RepoLock::acquire(dir.fd(), LockMode::Shared, reading);
  CHECK(reader.held());
  CHECK(is_refused(dir.fd(), LockMode::Exclusive));
}

TEST_CASE("a lock ends with its owner, and can be handed on") {
  const TempDir dir;
  RepoLock owner;
  CHECK_FALSE(owner.held());
  {
    RepoLock maker = lock(dir.fd(), LockMode::Exclusive);
    owner = std::move(maker);
  }
  CHECK(is_refused(dir.fd(), LockMode::Shared));
  std::thread([taken = std::move(owner)]() mutable { taken.release(); }).join();
  CHECK(lock(dir.fd(), LockMode::Exclusive).held());
}

TEST_CASE("the lock file is libostree's") {
  const TempDir dir;
  const mode_t mask = ::umask(022);
  lock(dir.fd(), LockMode::Shared);
  ::umask(mask);
  const auto info = os::try_stat(dir.at(layout::lock));
  REQUIRE(info);
  CHECK((info->st_mode & 07777) == 0640);
}

TEST_CASE("the error names the process that holds the lock") {
  const TempDir dir;
  test::ParkedChild holder([&] { return lock(dir.fd(), LockMode::Exclusive); });
  CHECK_THROWS_WITH(
      lock(dir.fd(), LockMode::Shared),
      Catch::Contains("process " + std::to_string(holder.pid())) && Catch::Contains(dir.path()));
}

TEST_CASE("a lock ends with its process, however that ends") {
  const TempDir dir;
  test::ParkedChild holder([&] { return lock(dir.fd(), LockMode::Exclusive); });
  CHECK(is_refused(dir.fd(), LockMode::Shared));
  holder.kill();
  CHECK(lock(dir.fd(), LockMode::Exclusive).held());
}

TEST_CASE("waiting ends when the lock is let go") {
  const TempDir dir;
  RepoLock holder = lock(dir.fd(), LockMode::Exclusive);
  bool held = false;
  std::thread waiter([&] { held = lock(dir.fd(), LockMode::Shared, for_ever).held(); });
  std::this_thread::sleep_for(20ms);
  holder.release();
  waiter.join();
  CHECK(held);
}

TEST_CASE("waiting can be cancelled") {
  const TempDir dir;
  const RepoLock holder = lock(dir.fd(), LockMode::Exclusive);
  const CancelSource cancel;
  std::optional<ErrorKind> result;
  std::thread waiter([&] {
    result = error_kind([&] {
      RepoLock::acquire(dir.fd(), LockMode::Shared, {for_ever, cancel.token()});
    });
  });
  std::this_thread::sleep_for(20ms);
  cancel.cancel();
  waiter.join();
  CHECK(result == ErrorKind::Cancelled);
}

TEST_CASE("who is cancelled already takes no lock") {
  const TempDir dir;
  const CancelSource cancel;
  cancel.cancel();
  CHECK(error_kind([&] {
          RepoLock::acquire(dir.fd(), LockMode::Shared, {for_ever, cancel.token()});
        }) == ErrorKind::Cancelled);
}

TEST_CASE("a repository says how it is locked") {
  const OstreeRepo made;
  CHECK(made.open().lock(LockMode::Shared).held());
  made.run({"config", "set", "core.lock-timeout-secs", "0"});
  const Repo repo = made.open();
  const RepoLock holder = repo.lock(LockMode::Exclusive);
  CHECK(error_kind([&] { repo.lock(LockMode::Shared); }) == ErrorKind::Locked);
  made.run({"config", "set", "core.locking", "false"});
  CHECK_FALSE(made.open().lock(LockMode::Shared).held());
}

TEST_CASE("ostree waits for our lock") {
  const OstreeRepo made;
  made.run({"config", "set", "core.lock-timeout-secs", "1"});
  const Repo repo = made.open();
  {
    const RepoLock holder = repo.lock(LockMode::Exclusive);
    CHECK_FALSE(made.succeeds({"summary", "-u"}));
  }
  CHECK(made.succeeds({"summary", "-u"}));
}

TEST_CASE("we wait for the lock of a running ostree") {
  const OstreeRepo made;
  const Repo repo = made.open();
  test::ParkedOstree running(made);
  CHECK_THROWS_WITH(lock(repo.dir(), LockMode::Exclusive),
                    Catch::Contains("process " + std::to_string(running.pid())));
  CHECK(lock(repo.dir(), LockMode::Shared).held());
  running.kill();
  CHECK(lock(repo.dir(), LockMode::Exclusive).held());
}

}  // namespace xylem::repo
