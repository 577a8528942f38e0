#include "repo/disk/lock.hpp"

#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/lock_file.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{10};
constexpr milliseconds longest_pause{250};
/// Longest pause of who wants the lock exclusively: the moments without readers may be short.
constexpr milliseconds longest_exclusive_pause{20};
/// So long a reader waits for a writer who waits.
constexpr milliseconds courtesy{2000};
constexpr mode_t lock_permissions = 0660;

/// Sleeps until a time, or until cancellation.
class CancellableSleep {
 public:
  explicit CancellableSleep(const CancelToken& cancel)
      : cancel_(cancel), registration_(cancel.on_cancel([this] { wake(); })) {}

  /// Throws Error(Cancelled).
  void until(Clock::time_point time) {
    std::unique_lock lock(mutex_);
    woken_.wait_until(lock, time, [this] { return cancelled_; });
    lock.unlock();
    cancel_.check();
  }

 private:
  void wake() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    woken_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable woken_;
  bool cancelled_ = false;
  CancelToken cancel_;
  CancelRegistration registration_;  // last: it goes first, and waits for a running callback
};

/// The place of one who waits exclusively: a lock on the directory itself, which says that others
/// shall let it in.
class WaitingLine {
 public:
  WaitingLine(FileDescriptor repo_dir, os::LockMode mode) : repo_dir_(repo_dir), mode_(mode) {}

  /// Whether it is not polite to try now.
  bool is_others_turn(Clock::time_point now) const {
    return mode_ == os::LockMode::Shared && now < begin_ + courtesy && os::is_dir_locked(repo_dir_);
  }
  /// The lock was refused.
  void wait() {
    if (mode_ != os::LockMode::Exclusive || place_.valid()) return;
    UniqueFd dir = os::open_dir({repo_dir_, "."});
    if (os::try_lock_dir(dir)) place_ = std::move(dir);
  }

 private:
  FileDescriptor repo_dir_;
  os::LockMode mode_;
  Clock::time_point begin_ = Clock::now();
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
  const auto deadline = wait.timeout ? Clock::now() + *wait.timeout : Clock::time_point::max();
  const bool exclusive = mode == os::LockMode::Exclusive;
  const milliseconds longest = exclusive ? longest_exclusive_pause : longest_pause;
  CancellableSleep sleep(wait.cancel);
  WaitingLine line(repo_dir, mode);
  for (milliseconds pause = first_pause;; pause = std::min(pause * 2, longest)) {
    wait.cancel.check();
    const auto now = Clock::now();
    if (now >= deadline || !line.is_others_turn(now))
      if (auto fd = try_lock(path, mode, wait.may_write)) return RepoLock(std::move(*fd));
    if (now >= deadline) throw_locked(path, mode);
    line.wait();
    sleep.until(std::min(now + pause, deadline));
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
