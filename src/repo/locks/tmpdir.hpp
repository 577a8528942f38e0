#pragma once

/// \file
/// Room `repo/locks`: who may use what, and for how long: the repository's lock, lock files,
/// temporary directories that are allocated or used again. Knows nothing of objects,
/// configuration, refs.
///
/// Temporary directories with one live user each (invariant 5). `<dir>` and its lock `<dir>-lock`
/// lie side by side in tmp/; names and locks are libostree's, so that each side respects, reuses
/// and cleans up the other's.

#include <string>
#include <string_view>

#include "base/os/fd.hpp"
#include "repo/locks/lock_file.hpp"

namespace xylem::repo {

/// What says that somebody lives in a temporary directory: a lock on the file beside it and, as
/// cleaners that go by age may remove that file under its holder, one on the directory itself.
/// Movable; any thread. Excludes within a process as between processes.
class TmpDirLock {
 public:
  TmpDirLock() = default;  ///< Holds nothing.

  /// Without waiting; holds nothing if somebody uses the directory. It need not exist: then only
  /// the file is locked. Throws Error(Io).
  static TmpDirLock try_acquire(const PathAt& dir);

  bool held() const { return file_.held(); }
  /// The directory; invalid if there was none.
  FileDescriptor dir() const { return dir_; }
  const LockFile& file() const { return file_; }

  /// Locks a directory that did not exist when the file was locked. Whether it is there and free.
  bool adopt_dir(const PathAt& dir);

 private:
  LockFile file_;
  UniqueFd dir_;  // last: it is let go first
};

/// A directory below tmp/, to look into; invalid if it is gone, or closed to this user. Throws
/// Error(Io).
UniqueFd try_look_into(const PathAt& dir);
/// Somebody else's directory may have content that we cannot write, or must not believe.
bool is_ours(FileDescriptor dir);

/// Whether somebody lives in a temporary directory, as far as the lock beside it tells, or it
/// cannot be told. Takes no lock: nobody else is refused for it.
bool is_in_use(const PathAt& dir) noexcept;

/// A locked temporary directory. Movable. The destructor only lets the lock go: the directory stays
/// for whoever allocates with this prefix next.
class TmpDir {
 public:
  TmpDir() = default;
  TmpDir(TmpDir&&) noexcept = default;
  TmpDir& operator=(TmpDir&&) noexcept = default;
  ~TmpDir() = default;

  bool valid() const { return lock_.dir().valid(); }
  FileDescriptor fd() const { return lock_.dir(); }
  const std::string& name() const { return name_; }
  /// It was there before: it may hold what an earlier user left.
  bool reused() const { return reused_; }

  /// Sets the mtime of directory and lock to now, so that age-based cleaners (libostree deletes
  /// what is a day old, locked or not) let it live. Cheap; call it now and then while working.
  void touch() const;

  /// Deletes the directory, then its lock. Afterwards this holds nothing. Throws the first error,
  /// after trying everything.
  void remove();

 private:
  friend TmpDir allocate_tmpdir(FileDescriptor, std::string_view);
  friend TmpDir make_tmpdir(FileDescriptor, std::string_view);
  /// Not valid() if the directory is in use, gone, or somebody else's.
  static TmpDir try_reuse(FileDescriptor parent, const std::string& name);
  /// Not valid() if the name is taken.
  static TmpDir try_make(FileDescriptor parent, const std::string& name);

  TmpDirLock lock_;
  FileDescriptor parent_;
  std::string name_;
  bool reused_ = false;
};

/// Locks and touches the first unlocked directory in `tmp` whose name starts with `prefix`, or
/// makes a new one. After locking, the locked inode is checked to be still the one under its name,
/// and the directory to be still there; whatever vanished meanwhile means "look again".
/// `tmp` is borrowed and must stay open as long as the TmpDir lives.
TmpDir allocate_tmpdir(FileDescriptor tmp, std::string_view prefix);

/// As above, but always makes a new one.
TmpDir make_tmpdir(FileDescriptor tmp, std::string_view prefix);

}  // namespace xylem::repo
