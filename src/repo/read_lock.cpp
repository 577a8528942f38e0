#include "repo/read_lock.hpp"

#include <chrono>

#include "base/log.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

RepoLock try_lock(const Repo& repo) try {
  if (!repo.config().locking) return {};
  const RepoLock::Wait at_once{std::chrono::milliseconds(0), {}, repo.writable()};
  return RepoLock::acquire(repo.dir(), os::LockMode::Shared, at_once);
} catch (const Error& error) {
  log_debug("Reading without a lock: {}", error.what());
  return {};
}

}  // namespace

ReadLock::ReadLock(const Repo& repo, const CancelToken& cancel)
    : ReadLock(of_parents(repo, cancel)) {
  locks_.push_back(repo.lock(os::LockMode::Shared, cancel));
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
    result.locks_.push_back(parent->lock(os::LockMode::Shared, cancel));
  return result;
}

}  // namespace xylem::repo
