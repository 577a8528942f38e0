#include "repo/disk/lock.hpp"

#include <fmt/format.h>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/lock_file.hpp"
#include "repo/disk/patience.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr mode_t lock_permissions = 0660;

std::string holder_text(const PathAt& path) {
  const UniqueFd fd = os::try_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const pid_t holder = fd.valid() ? os::lock_holder(fd) : 0;
  return holder == 0 ? "another process" : fmt::format("process {}", holder);
}

[[noreturn]] void throw_locked(const PathAt& path, os::LockMode mode) {
  ErrorDetails details;
  details.path = os::path_of(path.dir);
  details.hint = "wait for it to end, or raise core.lock-timeout-secs";
  throw Error(
      ErrorKind::Locked,
      fmt::format("Repository {} cannot be locked {}: {} holds the lock", details.path,
                  mode == os::LockMode::Shared ? "shared" : "exclusively", holder_text(path)),
      details);
}

}  // namespace

RepoLock RepoLock::acquire(FileDescriptor repo_dir, os::LockMode mode, const Wait& wait) {
  const PathAt path{repo_dir, layout::lock};
  Patience patience(wait.timeout, wait.cancel);
  wait.cancel.check();
  for (;;) {
    UniqueFd fd = try_lock_file(path, mode, lock_permissions);
    if (fd.valid()) return RepoLock(std::move(fd));
    if (!patience.pause()) throw_locked(path, mode);
  }
}

RepoLock& RepoLock::operator=(RepoLock&& other) noexcept {
  if (this != &other) {
    release();
    fd_ = std::move(other.fd_);
  }
  return *this;
}

void RepoLock::release() noexcept {
  if (!held()) return;
  try {
    // A child that was forked meanwhile shares the lock: closing alone would not end it.
    os::unlock(fd_);
  } catch (const std::exception&) {
    // Closing has to do.
  }
  fd_.reset();
}

}  // namespace xylem::repo
