#include "repo/locks/tmpdir.hpp"

#include <dirent.h>
#include <fmt/format.h>

#include <cerrno>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/random_name.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

UniqueFd try_open_subdir(const PathAt& path) {
  return os::try_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

}  // namespace

/// What others may write to is not ours: they may have put there what we must not believe.
bool is_ours(FileDescriptor dir) {
  const struct stat info = os::stat(dir);
  const Keepers us = only_us();
  return info.st_uid == us.user && only_keepers_write(info, us);
}

UniqueFd try_look_into(const PathAt& dir) try {
  return try_open_subdir(dir);
} catch (const Error& error) {
  const int reason = error.details().system_errno;
  if (reason != EACCES && reason != EPERM) throw;
  return {};
}

TmpDirLock TmpDirLock::try_acquire(const PathAt& dir) {
  TmpDirLock lock;
  lock.file_ = LockFile::try_acquire({dir.dir, dir.name + layout::lock_suffix});
  // Only what is opened after locking is sure to stay.
  if (lock.held() && os::exists(dir) && !lock.adopt_dir(dir)) return {};
  return lock;
}

bool TmpDirLock::adopt_dir(const PathAt& dir) {
  UniqueFd fd = try_look_into(dir);
  if (!fd.valid() || !os::try_lock_dir(fd)) return false;
  dir_ = std::move(fd);
  return true;
}

bool is_in_use(const PathAt& dir) noexcept try {
  const UniqueFd lock =
      os::try_open({dir.dir, dir.name + layout::lock_suffix}, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  return lock.valid() && os::is_locked(lock, os::LockMode::Exclusive);
} catch (const std::exception&) {
  return true;
}

TmpDir TmpDir::try_reuse(FileDescriptor parent, const std::string& name) try {
  TmpDir result;
  result.lock_ = TmpDirLock::try_acquire({parent, name});
  if (!result.valid() || !is_ours(result.fd())) return {};
  result.parent_ = parent;
  result.name_ = name;
  result.reused_ = true;
  result.touch();
  return result;
} catch (const Error& error) {
  // An entry that cannot be used must not keep us from making another.
  if (error.kind() != ErrorKind::Io) throw;
  log_debug("Not reusing {}: {}", name, error.what());
  return {};
}

TmpDir TmpDir::try_make(FileDescriptor parent, const std::string& name) {
  TmpDir result;
  // Locked before it exists: nobody finds the directory without its lock held.
  result.lock_ = TmpDirLock::try_acquire({parent, name});
  constexpr mode_t ours_alone = 0700;
  if (!result.lock_.held() || !os::make_dir({parent, name}, ours_alone)) return {};
  // It may be gone again: people empty tmp/ by hand.
  if (!result.lock_.adopt_dir({parent, name})) return {};
  result.parent_ = parent;
  result.name_ = name;
  return result;
}

void TmpDir::touch() const {
  if (!valid()) return;
  os::touch({fd(), "."});
  lock_.file().touch();
}

void TmpDir::remove() {
  // Goes at the end of this function, whether the directory could be removed or not.
  const TmpDirLock lock = std::move(lock_);
  reused_ = false;
  if (lock.held()) remove_tree({parent_, std::exchange(name_, {})});
}

// Any directory of the prefix that nobody locks is taken, with what a killed owner left in it; a
// new one is made only if all are in use. Locking comes before opening, on both ways: a directory
// that was opened first might be removed, or given to somebody else, before its lock is held.
TmpDir allocate_tmpdir(FileDescriptor tmp, std::string_view prefix) {
  for (const DirEntry& entry : list_directory(tmp)) {
    if (entry.type != DT_DIR || !entry.name.starts_with(prefix) ||
        entry.name.ends_with(layout::lock_suffix))
      continue;
    TmpDir found = TmpDir::try_reuse(tmp, entry.name);
    if (found.valid()) return found;
  }
  return make_tmpdir(tmp, prefix);
}

TmpDir make_tmpdir(FileDescriptor tmp, std::string_view prefix) {
  // A name can be refused only if a cleaner tests its lock just now, or by a freak of chance.
  constexpr int max_attempts = 100;
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    TmpDir made = TmpDir::try_make(tmp, random_name(prefix));
    if (made.valid()) return made;
  }
  throw Error(ErrorKind::Locked,
              fmt::format("No temporary directory could be made in {}", os::path_of(tmp)),
              {.path = os::path_of(tmp)});
}

}  // namespace xylem::repo
