#pragma once

#include <vector>

#include "repo/locks/lock.hpp"
#include "xylem/cancel.hpp"

namespace xylem::repo {

class Repo;

/// For who reads several objects of a repository that belong together: holds the shared lock of it
/// and of its parents, so that a prune beside it deletes nothing that it comes for later. To be
/// taken before the commit is looked up. A reader of one commit could make do with a lease on that
/// commit; the lock is one that libostree's prune respects, too, and costs a few system calls.
class ReadLock {
 public:
  ReadLock() = default;  ///< Holds nothing.
  /// Waits for a prune, for at most core.lock-timeout-secs. Throws Error(Locked),
  /// Error(Cancelled).
  explicit ReadLock(const Repo& repo, const CancelToken& cancel = {});
  /// Never waits: holds what could be had at once. For sources that may fail.
  static ReadLock try_acquire(const Repo& repo);
  /// Of the parents only, for who has the lock of the repository itself.
  static ReadLock of_parents(const Repo& repo, const CancelToken& cancel = {});

 private:
  std::vector<RepoLock> locks_;
};

}  // namespace xylem::repo
