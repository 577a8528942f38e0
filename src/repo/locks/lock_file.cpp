#include "repo/locks/lock_file.hpp"

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"

namespace xylem::repo {

UniqueFd try_lock_file(const PathAt& path, os::LockMode mode, mode_t permissions) {
  for (;;) {
    UniqueFd fd = os::open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, permissions);
    if (!os::try_lock(fd, mode)) return {};
    if (is_named(fd, path)) return fd;
    // Removed between open and lock: what is there now is another file.
  }
}

bool is_named(FileDescriptor fd, const PathAt& path) {
  const struct stat ours = os::stat(fd);
  const auto named = os::try_stat(path);
  return named && os::same_file(*named, ours);
}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  if (this != &other) {
    release();
    path_ = std::move(other.path_);
    fd_ = std::move(other.fd_);
  }
  return *this;
}

LockFile LockFile::try_acquire(const PathAt& path) {
  LockFile lock;
  lock.fd_ = try_lock_file(path, os::LockMode::Exclusive, 0600);
  lock.path_ = path;
  return lock;
}

void LockFile::touch() const {
  if (held() && is_named(fd_, path_)) os::touch(path_);
}

void LockFile::release() noexcept {
  if (!held()) return;
  try {
    if (is_named(fd_, path_)) os::unlink(path_);
    // A child that was forked meanwhile shares the lock: closing alone would not end it.
    os::unlock(fd_);
  } catch (const std::exception&) {
    // Closing lets go of it at the latest; a file that stays is found unlocked.
  }
  fd_.reset();
}

}  // namespace xylem::repo
