#pragma once

/// \file
/// The locks of those who read, change and write back what a repository shares: `config`, refs,
/// detached metadata, the summary. Each is a lock on a directory, so that it needs no file of its
/// own, no permission to write, and leaves nothing behind. libostree knows none of them.

#include "repo/locks/lock.hpp"

namespace xylem::repo {

/// What is edited. The order is that of taking: who holds one of them takes only later ones.
enum class Edited {
  Detached,  ///< Detached metadata of all commits.
  Summary,   ///< `summary`, `summary.sig`, `delta-indexes/`.
  Refs,      ///< All below `refs/`.
  Config,    ///< `config`, and the keys and cookies of remotes.
};

/// Holds the lock; the destructor lets it go. Excludes within a process as between processes, but
/// not where the file system has no locks for directories.
class EditLock {
 public:
  EditLock() = default;  ///< Holds nothing.
  EditLock(EditLock&&) noexcept = default;
  EditLock& operator=(EditLock&& other) noexcept;
  ~EditLock() { release(); }

  /// Throws Error(Locked) after the timeout, Error(Cancelled) soon after cancellation.
  static EditLock acquire(FileDescriptor repo, Edited what, const RepoLock::Wait& wait,
                          os::LockMode mode = os::LockMode::Exclusive);
  /// Of a directory outside of the repository, which must exist.
  static EditLock acquire(const PathAt& dir, const RepoLock::Wait& wait);

  void release() noexcept;

 private:
  UniqueFd dir_;
};

}  // namespace xylem::repo
