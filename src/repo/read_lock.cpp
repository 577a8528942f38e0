#include "repo/read_lock.hpp"

#include <cerrno>
#include <chrono>

#include "base/log.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Somebody may write to objects/, but not make or open the lock file to write: in a sandbox, or on
/// a file system that has become read-only.
bool is_refused(const Error& error) {
  const int reason = error.details().system_errno;
  return reason == EACCES || reason == EPERM || reason == EROFS;
}

RepoLock lock(const Repo& repo, RepoLock::Wait wait) {
  if (!repo.config().locking) return {};
  wait.may_write = repo.writable();
  try {
    return RepoLock::acquire(repo.dir(), os::LockMode::Shared, wait);
  } catch (const Error& error) {
    if (!wait.may_write || !is_refused(error)) throw;
  }
  wait.may_write = false;
  return RepoLock::acquire(repo.dir(), os::LockMode::Shared, wait);
}

RepoLock lock(const Repo& repo, const CancelToken& cancel) {
  return lock(repo, RepoLock::Wait{repo.config().lock_timeout, cancel});
}

RepoLock try_lock(const Repo& repo) try {
  return lock(repo, RepoLock::Wait{std::chrono::milliseconds(0), {}});
} catch (const Error& error) {
  log_debug("Reading without a lock: {}", error.what());
  return {};
}

}  // namespace

ReadLock::ReadLock(const Repo& repo, const CancelToken& cancel)
    : ReadLock(of_parents(repo, cancel)) {
  locks_.push_back(lock(repo, cancel));
}

ReadLock ReadLock::try_acquire(const Repo& repo) {
  ReadLock result;
  for (const Repo* layer = &repo; layer != nullptr; layer = layer->parent())
    result.locks_.push_back(try_lock(*layer));
  return result;
}

ReadLock ReadLock::of_parents(const Repo& repo, const CancelToken& cancel) {
  ReadLock result;
  for (const Repo* parent = repo.parent(); parent != nullptr; parent = parent->parent())
    result.locks_.push_back(lock(*parent, cancel));
  return result;
}

}  // namespace xylem::repo
