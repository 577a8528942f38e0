#include "repo/locks/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/locks/lock_file.hpp"
#include "repo/locks/patience.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Longest pause of who wants the lock exclusively: the moments without readers may be short.
constexpr milliseconds longest_exclusive_pause{20};
/// So long a reader waits for a writer who waits.
constexpr milliseconds courtesy{2000};
constexpr mode_t lock_permissions = 0660;

milliseconds longest_pause(os::LockMode mode) {
  return mode == os::LockMode::Exclusive ? longest_exclusive_pause : Patience::usual_pause;
}

/// The place of one who waits exclusively: a lock on the directory tmp/, which says that others
/// shall let it in. Nobody waits for that lock, and without the directory there is no line.
class WaitingLine {
 public:
  WaitingLine(FileDescriptor repo_dir, os::LockMode mode, const RepoLock::Wait& wait)
      : tmp_{repo_dir, layout::tmp},
        mode_(mode),
        polite_until_(Clock::now() + std::min(courtesy, wait.timeout.value_or(courtesy))) {}

  /// Whether it is not polite to try now.
  bool is_others_turn() const {
    if (mode_ != os::LockMode::Shared || Clock::now() >= polite_until_) return false;
    const UniqueFd tmp = open();
    return tmp.valid() && os::is_dir_locked(tmp);
  }
  /// The lock was refused.
  void join() {
    if (mode_ != os::LockMode::Exclusive || place_.valid()) return;
    UniqueFd tmp = open();
    if (tmp.valid() && os::try_lock_dir(tmp)) place_ = std::move(tmp);
  }

 private:
  UniqueFd open() const try {
    return os::try_open(tmp_, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (const Error&) {
    return {};  // who cannot look into it knows of no line
  }

  PathAt tmp_;
  os::LockMode mode_;
  Clock::time_point polite_until_;
  UniqueFd place_;
};

/// Invalid where there is nothing that could be locked by a reader.
UniqueFd open_to_read(const PathAt& path) try {
  return os::try_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
} catch (const Error& error) {
  const int reason = error.details().system_errno;
  if (reason != EACCES && reason != EPERM) throw;
  return {};
}

/// nullopt if somebody else's lock is in the way.
std::optional<UniqueFd> try_lock(const PathAt& path, os::LockMode mode, bool may_write) {
  UniqueFd fd = may_write ? try_lock_file(path, mode, lock_permissions) : open_to_read(path);
  const bool refused = may_write ? !fd.valid() : fd.valid() && !os::try_lock(fd, mode);
  return refused ? std::nullopt : std::optional(std::move(fd));
}

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
  wait.cancel.check();
  Patience patience(wait.timeout, wait.cancel, longest_pause(mode));
  WaitingLine line(repo_dir, mode, wait);
  for (;;) {
    if (!line.is_others_turn())
      if (auto fd = try_lock(path, mode, wait.may_write)) return RepoLock(std::move(*fd));
    line.join();
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
