#pragma once

/// \file
/// Temporary directories that survive their process in an orderly way, in any directory: no
/// repository is needed. Each has one live user, whoever else runs, and a lock beside it that the
/// kernel releases when that user dies, however it dies.

#include <memory>
#include <string>
#include <vector>

#include "xylem/error.hpp"

namespace xylem {

/// "<parent>/<prefix>XXXXXX", with "<prefix>XXXXXX-lock" beside it. Movable; one thread at a time.
/// The destructor lets the lock go and keeps the directory: for take_over(), or for
/// remove_stale_directories(). All functions throw Error.
class WorkDirectory {
 public:
  /// A new one. `parent` must exist; `prefix` is the caller's own, without a slash or a dot in
  /// front.
  static WorkDirectory make(const std::string& parent, const std::string& prefix);
  /// One that a process of this user left, with what is in it; a new one if all are in use.
  static WorkDirectory take_over(const std::string& parent, const std::string& prefix);

  WorkDirectory(WorkDirectory&&) noexcept;
  WorkDirectory& operator=(WorkDirectory&&) noexcept;
  ~WorkDirectory();

  /// Empty after remove().
  const std::string& path() const;
  /// Of the directory; -1 after remove().
  int fd() const;
  /// It was there before, and may hold anything.
  bool was_there() const;
  /// Sets its time and that of its lock to now, against cleaners that go by age.
  void touch() const;

  /// Moves a file or directory of the same file system in here, under a name that it returns. That
  /// takes no longer for a large tree, so it can be done under a lock; remove() frees the space.
  std::string stage_deletion(const std::string& path);

  /// Deletes all that is in it, the directory and its lock; nothing if that was done before. Goes
  /// past what cannot be deleted, then throws one Error that names it all. This holds nothing then.
  void remove();

 private:
  struct Impl;
  explicit WorkDirectory(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Names in the parent.
struct StaleDirectories {
  std::vector<std::string> removed;
  std::vector<std::string> in_use;
  std::vector<Error> failures;  ///< Of those that could not be removed; all others were.
};

/// Removes the directories of `prefix` that nobody uses, and locks without a directory. What is in
/// use stays, whoever uses it.
StaleDirectories remove_stale_directories(const std::string& parent, const std::string& prefix);

}  // namespace xylem
