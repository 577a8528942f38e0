#include "repo/locks/edit_lock.hpp"

#include <fmt/format.h>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/locks/patience.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

const char* directory_of(Edited what) {
  switch (what) {
    case Edited::Summary:
      return layout::state;
    case Edited::Refs:
      return layout::refs;
    case Edited::Detached:
      return layout::objects;
    case Edited::Config:
      break;
  }
  return ".";
}

UniqueFd take(const PathAt& path, const RepoLock::Wait& wait, os::LockMode mode) {
  UniqueFd dir = os::open_dir(path);
  Patience patience(wait.timeout, wait.cancel);
  while (!os::try_lock_dir(dir, mode)) {
    if (!patience.pause())
      throw Error(ErrorKind::Locked,
                  fmt::format("{} is being changed by another process", os::path_of(path)),
                  {.path = os::path_of(path), .hint = "wait for it to end, then try again"});
  }
  return dir;
}

}  // namespace

EditLock& EditLock::operator=(EditLock&& other) noexcept {
  if (this != &other) {
    release();
    dir_ = std::move(other.dir_);
  }
  return *this;
}

EditLock EditLock::acquire(FileDescriptor repo, Edited what, const RepoLock::Wait& wait,
                           os::LockMode mode) {
  const PathAt path{repo, directory_of(what)};
  // Repositories of old, and damaged ones, may lack it.
  if (mode == os::LockMode::Exclusive) make_repo_dir(path);
  EditLock lock;
  lock.dir_ = take(path, wait, mode);
  return lock;
}

EditLock EditLock::acquire(const PathAt& dir, const RepoLock::Wait& wait) {
  EditLock lock;
  lock.dir_ = take(dir, wait, os::LockMode::Exclusive);
  return lock;
}

void EditLock::release() noexcept {
  if (!dir_.valid()) return;
  os::unlock_dir(dir_);
  dir_.reset();
}

}  // namespace xylem::repo
