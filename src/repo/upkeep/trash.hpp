#pragma once

/// \file
/// Deletion in two stages: taking a name away is quick and is done under a lock; freeing what was
/// behind it is slow and is done when the lock has been let go. What a killed process leaves is
/// removed by whoever cleans tmp/ next.

#include <cstdint>

#include "repo/locks/tmpdir.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

/// A directory `tmp/trash-XXXXXX/`. For one thread. The destructor leaves what is in it.
class Trash {
 public:
  /// Never throws for want of a directory: everything is deleted on the spot then.
  explicit Trash(const Repo& repo);

  /// Takes a file or a whole directory away from its place, at which there is nothing afterwards.
  /// False if there was nothing before. Falls back on deleting it on the spot, as on a file system
  /// that is full. Throws Error(Io) when neither can be done.
  bool take(const PathAt& path);
  /// As above, but what cannot be moved, or is not there, stays as it is: false.
  bool try_take(const PathAt& path);

  /// Makes it durable that what was taken is here. That it is no longer at its old place needs a
  /// flush of the directory that it was in, too.
  void sync() const;

  /// Frees what was taken, on all processors. Throws one Error for all that cannot be freed, after
  /// trying the rest.
  void empty();

 private:
  TmpDir dir_;
  std::uint64_t next_ = 0;
};

}  // namespace xylem::repo
