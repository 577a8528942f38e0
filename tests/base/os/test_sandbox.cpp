#include "base/os/sandbox.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <thread>

#include "base/os/os.hpp"
#include "base/os/syscall_filter.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

/// On a thread of its own, which may give up what it likes.
void on_thread(const std::function<void()>& action) {
  std::thread(action).join();
}

std::optional<ErrorKind> try_create(const PathAt& path) {
  return error_kind([&] { os::open(path, O_WRONLY | O_CREAT, 0600); });
}

}  // namespace

TEST_CASE("a confined thread writes nowhere else, and its threads neither") {
  if (landlock_version() < 2) {
    on_thread([] { CHECK(error_kind([] { confine_writes({}); }) == ErrorKind::Unsupported); });
    return;
  }
  const test::TempDir dir;
  os::make_dir(dir.at("in"), 0755);
  os::make_dir(dir.at("out"), 0755);
  os::write_all(os::open(dir.at("out/old"), O_WRONLY | O_CREAT, 0600), as_bytes("old"));
  on_thread([&] {
    confine_writes({dir / "in", dir / "missing"});
    CHECK_FALSE(try_create(dir.at("in/file")));
    os::make_dirs(dir.at("in/a/b"), 0755);
    os::rename(dir.at("in/file"), dir.at("in/a/b/file"));
    CHECK(os::link(dir.at("in/a/b/file"), dir.at("in/link")));
    CHECK(as_text(*os::try_read_file(dir.at("out/old"), 10)) == "old");

    const auto refused = [&] {
      CHECK(try_create(dir.at("out/file")) == ErrorKind::Io);
      CHECK(error_kind([&] { os::open(dir.at("out/old"), O_WRONLY); }) == ErrorKind::Io);
      CHECK(error_kind([&] { os::unlink(dir.at("out/old")); }) == ErrorKind::Io);
      CHECK(error_kind([&] { os::make_dir(dir.at("out/dir"), 0755); }) == ErrorKind::Io);
      CHECK(error_kind([&] { os::symlink("x", dir.at("out/link")); }) == ErrorKind::Io);
      // By a device a disk could be written.
      CHECK(::mknodat(dir.fd().get(), "in/zero", S_IFCHR | 0600, makedev(1, 5)) == -1);
      // Who started the tests is outside of the sandbox.
      if (landlock_version() >= 6) CHECK(::kill(::getppid(), 0) == -1);
    };
    refused();
    on_thread(refused);
  });
  // Who started it is as free as before.
  CHECK_FALSE(try_create(dir.at("out/file")));
}

TEST_CASE("a single file may be written, what is beside it may not") {
  if (landlock_version() < 2) return;
  const test::TempDir dir;
  CHECK_FALSE(try_create(dir.at("file")));
  on_thread([&] {
    confine_writes({dir / "file"});
    os::write_all(os::open(dir.at("file"), O_WRONLY | O_CREAT | O_APPEND, 0600), as_bytes("x"));
    CHECK(try_create(dir.at("other")) == ErrorKind::Io);
    CHECK(error_kind([&] { os::unlink(dir.at("file")); }) == ErrorKind::Io);
  });
}

TEST_CASE("a filtered thread makes no call that a pull does not need, and its threads neither") {
  /// The errno of a call.
  const auto failure = [](long result) { return result == -1 ? errno : 0; };
  const auto unshare_nothing = [&] { return failure(::unshare(0)); };
  REQUIRE(unshare_nothing() == 0);
  bool has_filters = false;
  on_thread([&] {
    has_filters = forbid_unneeded_calls();
    if (!has_filters) return;
    const auto refused = [&] {
      CHECK(unshare_nothing() == EPERM);
      CHECK(failure(::ptrace(PTRACE_PEEKDATA, ::getpid(), nullptr, nullptr)) == EPERM);
      CHECK(failure(::syscall(SYS_io_uring_setup, 1, nullptr)) == EPERM);
      CHECK(failure(::syscall(SYS_clone, CLONE_NEWUSER, nullptr, nullptr, nullptr, 0)) == EPERM);
      CHECK(failure(::syscall(SYS_clone3, nullptr, 0)) == ENOSYS);
      CHECK(failure(::socket(AF_VSOCK, SOCK_STREAM, 0)) == EPERM);
      CHECK(failure(::socket(AF_APPLETALK, SOCK_DGRAM, 0)) == EPERM);
      CHECK(failure(::mknod("/nowhere/zero", S_IFCHR, makedev(1, 5))) == EPERM);
      CHECK(failure(::truncate("/nowhere", 0)) == EPERM);
      CHECK(failure(::open("/nowhere", O_RDONLY | O_TRUNC)) == EPERM);
      CHECK(failure(::open("/nowhere", O_WRONLY | O_CREAT, 04777)) == EPERM);
      CHECK(failure(::chmod("/nowhere", 0777)) == EPERM);
      CHECK(failure(::syscall(SYS_openat2, -1, nullptr, nullptr, 0)) == ENOSYS);
      for (const int space : {CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWNET})
        CHECK(failure(::syscall(SYS_clone, space, nullptr, nullptr, nullptr, 0)) == EPERM);
      rlimit limit{};
      CHECK(failure(::prlimit(::getppid(), RLIMIT_NOFILE, nullptr, &limit)) == EPERM);
      CHECK(failure(::prlimit(0, RLIMIT_NOFILE, nullptr, &limit)) == 0);
      CHECK(failure(::setpriority(PRIO_PROCESS, static_cast<id_t>(::getppid()), 0)) == EPERM);
      cpu_set_t processors{};
      CHECK(failure(::sched_setaffinity(::getppid(), sizeof processors, &processors)) == EPERM);
      CHECK(failure(::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600)) == EPERM);
      CHECK(failure(::syscall(SYS_pidfd_send_signal, -1, 0, nullptr, 0)) == EPERM);
    };
    refused();
    on_thread(refused);

    const test::TempDir dir;
    CHECK_FALSE(try_create(dir.at("file")));
    const UniqueFd file = os::open(dir.at("file"), O_RDWR);
    CHECK(failure(::fchmod(file.get(), 04755)) == EPERM);
    CHECK(failure(::fchmod(file.get(), 0755)) == 0);
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
    CHECK(socket.valid());
    CHECK(std::system("true") == 0);
  });
  CHECK(unshare_nothing() == 0);
  if (!has_filters) WARN("this kernel has no seccomp");
}

TEST_CASE("a bare repository may have files that run as another user") {
  const test::TempDir dir;
  const UniqueFd file = os::open(dir.at("file"), O_RDWR | O_CREAT, 0600);
  on_thread([&] {
    if (!forbid_unneeded_calls(SetIdFiles::Allowed)) return;
    CHECK(::fchmod(file.get(), 04755) == 0);
    CHECK(error_kind([&] { os::open(dir.at("other"), O_WRONLY | O_CREAT, 04755); }) ==
          ErrorKind::Io);
  });
}
