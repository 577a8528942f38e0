#include "repo/disk/lock.hpp"

#include <fmt/format.h>

#include <algorithm>
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
  CancellableSleep sleep(wait.cancel);
  for (milliseconds pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    wait.cancel.check();
    UniqueFd fd = try_lock_file(path, mode, lock_permissions);
    if (fd.valid()) return RepoLock(std::move(fd));
    const auto now = Clock::now();
    if (now >= deadline) throw_locked(path, mode);
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
