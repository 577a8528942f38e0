#include "base/os/os_observer.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_lock.hpp"
#include "base/os/os_metadata.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using os::Operation;

namespace {

/// Notes what is called, and fails the calls that it is told to.
class Notes : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    seen.push_back(call.operation);
    if (failures == 0 || call.operation != failing) return real();
    --failures;
    errno = error_number;
    return -1;
  }

  void fail(Operation operation, int number, int times) {
    failing = operation;
    error_number = number;
    failures = times;
  }

  std::vector<Operation> seen;
  Operation failing{};
  int error_number = 0;
  int failures = 0;
};

/// One of everything.
void touch_everything(const test::TempDir& dir) {
  const ByteView text = as_bytes("text");
  os::make_dir(dir.at("dir"), 0700);
  const UniqueFd file = os::open(dir.at("file"), O_RDWR | O_CREAT, 0600);
  os::write_all(file, text);
  os::write_all_at(file, text, 4);
  os::truncate(file, 6);
  os::set_mode(file, 0644);
  os::set_mtime(file, 1);
  os::set_owner(file, ::geteuid(), ::getegid());
  os::set_xattr(file, "user.test", text);
  os::remove_xattr(file, "user.test");
  os::list_xattrs(file);
  os::read_file(file, 100);
  const UniqueFd copy = os::open(dir.at("copy"), O_RDWR | O_CREAT, 0600);
  os::copy_file(file, copy, 6);
  os::start_writeback(file);
  os::fsync(file);
  os::syncfs(file);
  os::space_left(file);
  os::duplicate(file);
  if (os::try_lock(file, os::LockMode::Exclusive)) os::unlock(file);
  os::is_locked(file, os::LockMode::Shared);
  if (const UniqueFd nameless = os::try_open_nameless(dir.fd(), 0600); nameless.valid())
    os::link_fd(nameless, dir.at("named"));
  os::symlink("target", dir.at("symlink"));
  os::read_link(dir.at("symlink"));
  os::link(dir.at("file"), dir.at("linked"));
  os::rename(dir.at("linked"), dir.at("renamed"));
  os::unlink(dir.at("renamed"));
  os::remove_dir(dir.at("dir"));
  os::open_dir(dir.at("."));
  os::exists(dir.at("file"));
  list_directory(dir.fd());
}

}  // namespace

TEST_CASE("an observer sees every kind of call") {
  const test::TempDir dir;
  Notes notes;
  {
    const os::ObserverScope scope(notes);
    touch_everything(dir);
  }
  std::set<Operation> seen(notes.seen.begin(), notes.seen.end());
  for (int kind = 0; kind <= static_cast<int>(Operation::AskLock); ++kind) {
    INFO(kind);
    CHECK(seen.contains(static_cast<Operation>(kind)));
  }
  const std::size_t count = notes.seen.size();
  os::exists(dir.at("file"));
  CHECK(notes.seen.size() == count);
}

TEST_CASE("observers nest") {
  const test::TempDir dir;
  Notes outer;
  Notes inner;
  const os::ObserverScope outer_scope(outer);
  {
    const os::ObserverScope inner_scope(inner);
    os::exists(dir.at("file"));
  }
  os::exists(dir.at("file"));
  CHECK(inner.seen == std::vector{Operation::Stat});
  CHECK(outer.seen == std::vector{Operation::Stat});
}

TEST_CASE("a call that is failed is not made, and throws as if the kernel had refused it") {
  const test::TempDir dir;
  Notes notes;
  const os::ObserverScope scope(notes);
  notes.fail(Operation::MakeDir, ENOSPC, 1);
  CHECK(error_kind([&] { os::make_dir(dir.at("dir"), 0700); }) == ErrorKind::NoSpace);
  CHECK_FALSE(os::exists(dir.at("dir")));
  notes.fail(Operation::MakeDir, EIO, 1);
  CHECK(error_kind([&] { os::make_dir(dir.at("dir"), 0700); }) == ErrorKind::Io);
}

TEST_CASE("every kind of call goes on after an interruption") {
  for (int kind = 0; kind <= static_cast<int>(Operation::AskLock); ++kind) {
    INFO(kind);
    const test::TempDir dir;
    Notes notes;
    notes.fail(static_cast<Operation>(kind), EINTR, 3);
    const os::ObserverScope scope(notes);
    CHECK_NOTHROW(touch_everything(dir));
    CHECK(notes.failures == 0);
  }
}
