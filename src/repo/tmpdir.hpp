#pragma once

/// \file
/// Temporary directories with one live user each (invariant 5). `<dir>` and its lock `<dir>-lock`
/// lie side by side in tmp/; names and locks are libostree's, so that each side respects, reuses
/// and cleans up the other's.

#include <chrono>
#include <string>
#include <string_view>

#include "base/fd.hpp"
#include "repo/lock_file.hpp"

namespace xylem::repo {

/// A locked temporary directory. Movable. The destructor only lets the lock go: the directory stays
/// for whoever allocates with this prefix next.
class TmpDir {
 public:
  TmpDir() = default;
  TmpDir(TmpDir&&) noexcept = default;
  TmpDir& operator=(TmpDir&&) noexcept = default;
  ~TmpDir() = default;

  bool valid() const { return dir_.valid(); }
  FileDescriptor fd() const { return dir_; }
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
  /// Not valid() if the directory is in use, gone, or somebody else's.
  static TmpDir try_reuse(FileDescriptor parent, const std::string& name);
  /// Not valid() if the name is taken.
  static TmpDir try_make(FileDescriptor parent, const std::string& name);

  LockFile lock_;
  FileDescriptor parent_;
  std::string name_;
  UniqueFd dir_;
  bool reused_ = false;
};

/// Locks and touches the first unlocked directory in `tmp` whose name starts with `prefix`, or
/// makes a new one. After locking, the locked inode is checked to be still the one under its name,
/// and the directory to be still there; whatever vanished meanwhile means "look again".
/// `tmp` is borrowed and must stay open as long as the TmpDir lives.
TmpDir allocate_tmpdir(FileDescriptor tmp, std::string_view prefix);

/// Locks the temporary directory `dir` without waiting; whether it exists is for the caller to look
/// at afterwards. Holds nothing if somebody uses it.
LockFile try_lock_tmpdir(const PathAt& dir);

/// Removes what nobody needs any more from `tmp`: unlocked staging directories of other boots, and
/// anything else older than `expiry`, but never a directory or lock whose lock is held, and never
/// `cache`. Returns how many entries went. Carries on past errors, then throws them as one.
std::size_t clean_tmp(FileDescriptor tmp, std::chrono::seconds expiry);

}  // namespace xylem::repo
