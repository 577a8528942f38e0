#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <utility>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "base/os/os_observer.hpp"
#include "repo/disk/layout.hpp"
#include "repo/forked.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/parked_ostree.hpp"
#include "support/process.hpp"

namespace xylem::repo {

namespace {

using test::OstreeRepo;
using test::TempDir;

constexpr char prefix[] = "staging-test-";

bool is_held(const PathAt& lock_file) {
  const UniqueFd fd = os::try_open(lock_file, O_RDWR);
  return fd.valid() && os::is_locked(fd, os::LockMode::Exclusive);
}

std::string lock_of(const TmpDir& dir) {
  return dir.name() + "-lock";
}

mode_t permissions(const PathAt& path) {
  return os::try_stat(path).value().st_mode & 07777;
}

/// Removes a lock file between its being opened and locked, as its last holder may.
class RemovesBeforeLock : public os::Observer {
 public:
  explicit RemovesBeforeLock(const PathAt& path) : path_(path) {}
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation == os::Operation::Lock && !std::exchange(done_, true)) os::unlink(path_);
    return real();
  }

 private:
  PathAt path_;
  bool done_ = false;
};

}  // namespace

TEST_CASE("a lock on a file that has lost its name does not count") {
  const TempDir tmp;
  const PathAt path = tmp.at("staging-test-abcdef-lock");
  RemovesBeforeLock observer(path);
  const os::ObserverScope scope(observer);
  const LockFile lock = LockFile::try_acquire(path);
  CHECK(lock.held());
  CHECK(is_held(path));
}

TEST_CASE("a new temporary directory has libostree's names and modes") {
  const TempDir tmp;
  const mode_t mask = ::umask(022);
  const TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
  ::umask(mask);
  CHECK(dir.valid());
  CHECK_FALSE(dir.reused());
  CHECK(dir.name().size() == sizeof prefix - 1 + 6);
  CHECK(dir.name().starts_with(prefix));
  CHECK(permissions(tmp.at(dir.name())) == 0700);  // libostree's are for all to read
  CHECK(permissions(tmp.at(lock_of(dir))) == 0600);
  CHECK(is_held(tmp.at(lock_of(dir))));
  CHECK(os::stat(dir.fd()).st_ino == os::try_stat(tmp.at(dir.name()))->st_ino);
}

TEST_CASE("two users never have the same directory, even in one process") {
  const TempDir tmp;
  const TmpDir first = allocate_tmpdir(tmp.fd(), prefix);
  const TmpDir second = allocate_tmpdir(tmp.fd(), prefix);
  CHECK(first.name() != second.name());
}

TEST_CASE("a directory whose lock file was taken away is still nobody else's") {
  const TempDir tmp;
  SECTION("in one process") {
    const TmpDir first = allocate_tmpdir(tmp.fd(), prefix);
    os::unlink(tmp.at(lock_of(first)));
    CHECK(allocate_tmpdir(tmp.fd(), prefix).name() != first.name());
  }
  SECTION("in two") {
    test::ParkedChild holder([&] {
      TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
      os::unlink(tmp.at(lock_of(dir)));
      return dir;
    });
    CHECK_FALSE(allocate_tmpdir(tmp.fd(), prefix).reused());
    holder.kill();
  }
}

TEST_CASE("whether a directory is in use is told without taking its lock") {
  const TempDir tmp;
  {
    const TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
    CHECK(is_in_use(tmp.at(dir.name())));
  }
  const std::string left = list_directory(tmp.fd()).at(0).name;
  CHECK_FALSE(is_in_use(tmp.at(left)));
  CHECK(list_directory(tmp.fd()).size() == 1);
  CHECK_FALSE(is_in_use(tmp.at("none")));
}

TEST_CASE("what must be new is not what somebody left") {
  const TempDir tmp;
  const std::string left = allocate_tmpdir(tmp.fd(), prefix).name();
  const TmpDir made = make_tmpdir(tmp.fd(), prefix);
  CHECK(made.valid());
  CHECK_FALSE(made.reused());
  CHECK(made.name() != left);
}

TEST_CASE("what one user leaves another uses") {
  const TempDir tmp;
  std::string name;
  {
    const TmpDir first = allocate_tmpdir(tmp.fd(), prefix);
    name = first.name();
    test::write_file(tmp / name + "/object", "bytes");
  }
  CHECK_FALSE(os::exists(tmp.at(name + "-lock")));
  const TmpDir second = allocate_tmpdir(tmp.fd(), prefix);
  CHECK(second.name() == name);
  CHECK(second.reused());
  CHECK(os::exists({second.fd(), "object"}));
}

TEST_CASE("removing takes the directory and its lock") {
  const TempDir tmp;
  TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
  os::make_dirs({dir.fd(), "a/b"}, 0755);
  dir.remove();
  CHECK_FALSE(dir.valid());
  CHECK(list_directory(tmp.fd()).empty());
  dir.remove();
  CHECK(list_directory(tmp.fd()).empty());
}

TEST_CASE("a directory that is moved stays locked until its last owner goes") {
  const TempDir tmp;
  TmpDir owner;
  CHECK_FALSE(owner.valid());
  {
    TmpDir maker = allocate_tmpdir(tmp.fd(), prefix);
    owner = std::move(maker);
  }
  const std::string lock_file = lock_of(owner);
  CHECK(is_held(tmp.at(lock_file)));
  owner = TmpDir();
  CHECK_FALSE(os::exists(tmp.at(lock_file)));
}

TEST_CASE("what only looks like a left-over is not used") {
  const TempDir tmp;
  test::write_file(tmp / "staging-test-file00", "");
  os::symlink("/", tmp.at("staging-test-link00"));
  os::make_dir(tmp.at("staging-other-dir000"), 0755);
  const TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
  CHECK_FALSE(dir.reused());
}

TEST_CASE("a left-over whose lock cannot be opened is passed over") {
  const TempDir tmp;
  os::make_dir(tmp.at("staging-test-abcdef"), 0755);
  os::make_dir(tmp.at("staging-test-abcdef-lock"), 0755);
  CHECK_FALSE(allocate_tmpdir(tmp.fd(), prefix).reused());
}

TEST_CASE("another user's left-over is not used") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can make a file of another user");
    return;
  }
  const TempDir tmp;
  os::make_dir(tmp.at("staging-test-abcdef"), 0755);
  os::set_owner(tmp.at("staging-test-abcdef"), 65534, 65534);
  CHECK_FALSE(allocate_tmpdir(tmp.fd(), prefix).reused());
  CHECK_FALSE(os::exists(tmp.at("staging-test-abcdef-lock")));
}

TEST_CASE("a lock file that was replaced is not ours to remove") {
  const TempDir tmp;
  std::string lock_file;
  {
    const TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
    lock_file = lock_of(dir);
    os::unlink(tmp.at(lock_file));
    test::write_file(tmp / lock_file, "");
  }
  CHECK(os::exists(tmp.at(lock_file)));
}

TEST_CASE("touching makes directory and lock young") {
  const TempDir tmp;
  const TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
  constexpr time_t long_ago = 1000;
  os::set_mtime(tmp.at(dir.name()), long_ago);
  os::set_mtime(tmp.at(lock_of(dir)), long_ago);
  dir.touch();
  CHECK(os::try_stat(tmp.at(dir.name()))->st_mtime > long_ago);
  CHECK(os::try_stat(tmp.at(lock_of(dir)))->st_mtime > long_ago);
}

TEST_CASE("a left-over is touched when it is used again") {
  const TempDir tmp;
  os::make_dir(tmp.at("staging-test-abcdef"), 0755);
  os::set_mtime(tmp.at("staging-test-abcdef"), 1000);
  const TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
  CHECK(dir.reused());
  CHECK(os::stat(dir.fd()).st_mtime > 1000);
}

TEST_CASE("the directory of a process that was killed is used again") {
  const TempDir tmp;
  test::ParkedChild holder([&] {
    TmpDir dir = allocate_tmpdir(tmp.fd(), prefix);
    os::make_dir({dir.fd(), "mark"}, 0755);
    return dir;
  });
  CHECK_FALSE(os::exists({allocate_tmpdir(tmp.fd(), prefix).fd(), "mark"}));
  holder.kill();
  // The one just let go may come first: both are free now.
  TmpDir first = allocate_tmpdir(tmp.fd(), prefix);
  TmpDir second = allocate_tmpdir(tmp.fd(), prefix);
  CHECK(first.reused());
  CHECK(second.reused());
  CHECK(os::exists({first.fd(), "mark"}) != os::exists({second.fd(), "mark"}));
}

TEST_CASE("the staging directory of a running ostree is left alone, that of a dead one is used") {
  const OstreeRepo made;
  const Repo repo = made.open();
  test::ParkedOstree running(made);
  allocate_tmpdir(repo.tmp(), layout::staging_prefix()).remove();
  CHECK(os::exists({repo.tmp(), running.staging()}));
  running.kill();
  const TmpDir dir = allocate_tmpdir(repo.tmp(), layout::staging_prefix());
  CHECK(dir.reused());
  CHECK(dir.name() == running.staging());
}

TEST_CASE("ostree uses what we left, and respects what we hold") {
  const OstreeRepo made;
  const Repo repo = made.open();
  std::string left;
  {
    const TmpDir dir = allocate_tmpdir(repo.tmp(), layout::staging_prefix());
    left = dir.name();
    const Checksum before = made.commit("main", "while it is held");
    CHECK(repo.has({before, object::ObjectType::Commit}));
    CHECK(os::exists({repo.tmp(), left}));
  }
  made.commit("main", "after it was let go");
  CHECK_FALSE(os::exists({repo.tmp(), left}));
  CHECK(made.succeeds({"fsck", "-q"}));
}

TEST_CASE("ostree cleans up our left-overs of another boot, but not what is held") {
  const OstreeRepo made;
  const Repo repo = made.open();
  const TmpDir held = allocate_tmpdir(repo.tmp(), "staging-another-boot-");
  os::make_dir({repo.tmp(), "staging-another-boot-000000"}, 0755);
  made.commit("main");
  CHECK(os::exists({repo.tmp(), held.name()}));
  CHECK_FALSE(os::exists({repo.tmp(), "staging-another-boot-000000"}));
}

}  // namespace xylem::repo
