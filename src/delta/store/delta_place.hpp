#pragma once

/// \file
/// Putting a new delta where it belongs, as a whole.

#include <memory>
#include <string>

#include "base/os/fd.hpp"
#include "delta/format/delta_name.hpp"
#include "repo/repo.hpp"

namespace xylem::delta {

/// A directory in which a delta is made, out of sight until it is complete. If it is never
/// published, nothing is left of it; if the process is killed, a directory that cleaners know.
class DeltaPlace {
 public:
  virtual ~DeltaPlace() = default;
  /// For the files of the parts, which are called "0", "1", ...
  virtual FileDescriptor dir() const = 0;
  /// Makes all durable, unless the repository does without, and visible at once in place of an
  /// older one. Call it once.
  virtual void publish(ByteView superblock) = 0;
};

/// In deltas/ of the repository. An older delta with the same bytes is left as it is; another one
/// is replaced, where the file system can exchange directories without a moment in between.
std::unique_ptr<DeltaPlace> place_in_repo(const repo::Repo& repo, const DeltaName& name);

/// The superblock at `path`, the parts beside it. In a directory it is called "superblock". An
/// older superblock is gone before parts of its are replaced: there is never one with parts of
/// another.
std::unique_ptr<DeltaPlace> place_at(const std::string& path, bool fsync);

}  // namespace xylem::delta
