#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>

#include "base/os/os.hpp"
#include "base/os/os_lock.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using os::LockMode;

namespace {

UniqueFd open_lock(const test::TempDir& dir) {
  return os::open(dir.at("lock"), O_RDWR | O_CREAT, 0600);
}

/// A child process that holds a lock on `path` until it is killed.
class LockingChild {
 public:
  LockingChild(const PathAt& path, LockMode mode) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    pid_ = ::fork();
    if (pid_ == 0) hold(path, mode, write_end);
    write_end.reset();
    char ready = 0;
    if (::read(read_end.get(), &ready, 1) != 1) throw std::runtime_error("the child did not lock");
  }
  LockingChild(const LockingChild&) = delete;
  LockingChild& operator=(const LockingChild&) = delete;
  ~LockingChild() { kill(); }

  pid_t pid() const { return pid_; }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  [[noreturn]] static void hold(const PathAt& path, LockMode mode, FileDescriptor report) {
    const UniqueFd fd = os::open(path, O_RDWR);
    if (!os::try_lock(fd, mode)) ::_exit(1);
    if (::write(report.get(), "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }

  pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("two opens of one file exclude each other") {
  const test::TempDir dir;
  const UniqueFd first = open_lock(dir);
  const UniqueFd second = open_lock(dir);
  REQUIRE(os::try_lock(first, LockMode::Exclusive));
  CHECK(os::try_lock(first, LockMode::Exclusive));
  CHECK_FALSE(os::try_lock(second, LockMode::Exclusive));
  CHECK_FALSE(os::try_lock(second, LockMode::Shared));
  CHECK(os::is_locked(second, LockMode::Shared));
  CHECK_FALSE(os::is_locked(first, LockMode::Exclusive));
  os::unlock(first);
  CHECK_FALSE(os::is_locked(second, LockMode::Exclusive));
  CHECK(os::try_lock(second, LockMode::Exclusive));
}

TEST_CASE("shared locks share, and convert when alone") {
  const test::TempDir dir;
  const UniqueFd first = open_lock(dir);
  const UniqueFd second = open_lock(dir);
  REQUIRE(os::try_lock(first, LockMode::Shared));
  CHECK(os::try_lock(second, LockMode::Shared));
  CHECK_FALSE(os::is_locked(second, LockMode::Shared));
  CHECK(os::is_locked(second, LockMode::Exclusive));
  CHECK_FALSE(os::try_lock(first, LockMode::Exclusive));
  os::unlock(second);
  CHECK(os::try_lock(first, LockMode::Exclusive));
}

TEST_CASE("ranges are apart") {
  const test::TempDir dir;
  const UniqueFd first = open_lock(dir);
  const UniqueFd second = open_lock(dir);
  REQUIRE(os::try_lock(first, LockMode::Exclusive, {1000, 1}));
  CHECK(os::try_lock(second, LockMode::Exclusive, {1001, 1}));
  CHECK_FALSE(os::try_lock(second, LockMode::Exclusive, {1000, 1}));
  CHECK_FALSE(os::try_lock(second, LockMode::Exclusive));
  CHECK(os::is_locked(second, LockMode::Exclusive, {999, 2}));
  os::unlock(first, {1000, 1});
  CHECK(os::try_lock(second, LockMode::Exclusive));
}

TEST_CASE("closing drops a lock, but not while a duplicate is open") {
  const test::TempDir dir;
  const UniqueFd second = open_lock(dir);
  UniqueFd first = open_lock(dir);
  UniqueFd copy = os::duplicate(first);
  REQUIRE(os::try_lock(first, LockMode::Exclusive));
  first.reset();
  CHECK(os::is_locked(second, LockMode::Exclusive));
  copy.reset();
  CHECK_FALSE(os::is_locked(second, LockMode::Exclusive));
}

TEST_CASE("another process's lock is seen, named, and gone with its death") {
  const test::TempDir dir;
  const UniqueFd fd = open_lock(dir);
  CHECK(os::lock_holder(fd) == 0);
  LockingChild child(dir.at("lock"), LockMode::Exclusive);
  CHECK(os::is_locked(fd, LockMode::Shared));
  CHECK_FALSE(os::try_lock(fd, LockMode::Shared));
  CHECK(os::lock_holder(fd) == child.pid());
  child.kill();
  CHECK(os::try_lock(fd, LockMode::Exclusive));
}

TEST_CASE("our own lock is found last") {
  const test::TempDir dir;
  const UniqueFd fd = open_lock(dir);
  REQUIRE(os::try_lock(fd, LockMode::Shared));
  CHECK(os::lock_holder(fd) == ::getpid());
  const LockingChild child(dir.at("lock"), LockMode::Shared);
  CHECK(os::lock_holder(fd) == child.pid());
}

TEST_CASE("who holds a lock on nothing is unknown") {
  CHECK(os::lock_holder(FileDescriptor(-1)) == 0);
}
