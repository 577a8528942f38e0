#pragma once

/// \file
/// The repository lock, `.lock`: shared by everything that adds objects or reads many of them,
/// exclusive for what deletes objects. Compatible with libostree's.

#include <chrono>
#include <optional>

#include "base/os/fd.hpp"
#include "base/os/os_lock.hpp"
#include "xylem/cancel.hpp"

namespace xylem::repo {

/// Holds the lock; the destructor lets it go. May be used and destroyed on any thread. Two holders
/// within one process exclude each other just as two processes do.
class RepoLock {
 public:
  struct Wait {
    std::optional<std::chrono::milliseconds> timeout;  ///< nullopt: for ever.
    CancelToken cancel;
    /// Off for who may only read: where there is no lock file, or a secret one, nothing is locked.
    bool may_write = true;
  };

  RepoLock() = default;  ///< Holds nothing.
  RepoLock(RepoLock&&) noexcept = default;
  RepoLock& operator=(RepoLock&& other) noexcept;
  ~RepoLock() { release(); }

  /// `repo_dir` is the repository's directory. Throws Error(Locked) that names the holder's process
  /// after the timeout, Error(Cancelled) soon after cancellation. Who waits for the exclusive lock
  /// is let in before those who come later for a shared one, so that many short readers cannot keep
  /// it out; but they wait for it two seconds at most, as one may have the lock shared already.
  static RepoLock acquire(FileDescriptor repo_dir, os::LockMode mode, const Wait& wait);

  bool held() const { return fd_.valid(); }
  /// Lets the lock go early.
  void release() noexcept;

 private:
  explicit RepoLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace xylem::repo
