#pragma once

/// \file
/// Locking a file by its name. A lock counts only once the locked inode has been seen to be still
/// the one under its name: whoever holds a lock may remove the file.

#include "base/os/fd.hpp"
#include "base/os/os_lock.hpp"

namespace xylem::repo {

/// Makes `path` (with `permissions`) if it is missing, and locks it without waiting. Invalid if
/// somebody else's lock is in the way. Throws Error(Io).
UniqueFd try_lock_file(const PathAt& path, os::LockMode mode, mode_t permissions);

/// Whether `fd` is the file that `path` names now.
bool is_named(FileDescriptor fd, const PathAt& path);

/// An exclusively locked file that exists only to be locked: it is removed, then let go. Movable;
/// any thread.
class LockFile {
 public:
  LockFile() = default;  ///< Holds nothing.
  LockFile(LockFile&&) noexcept = default;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile() { release(); }

  /// Holds nothing if somebody else holds the lock. `path.dir` must outlive the lock. Throws
  /// Error(Io).
  static LockFile try_acquire(const PathAt& path);

  bool held() const { return fd_.valid(); }
  /// Sets its times to now.
  void touch() const;
  /// Removes the file if it is still ours, then unlocks.
  void release() noexcept;

 private:
  PathAt path_;
  UniqueFd fd_;
};

}  // namespace xylem::repo
