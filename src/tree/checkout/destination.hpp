#pragma once

#include <string>

#include "base/os/fd.hpp"
#include "repo/locks/lock_file.hpp"

namespace xylem::tree {

/// Where a checkout goes. What is there already is written into as it is. What is not is made
/// beside its place, under a hidden name, and gets its own name when it is complete: a checkout
/// that fails or is killed leaves no half tree under the name that was asked for. What killed ones
/// left under hidden names is removed by the next checkout to the same place; a lock tells it from
/// what is being written. One thread.
class Destination {
 public:
  /// Throws Error(Io) if it cannot be looked at.
  explicit Destination(const std::string& path);
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;
  /// Removes what was not published.
  ~Destination();

  /// To be written to. If staged() it does not exist yet, and whoever writes makes it.
  const PathAt& path() const { return path_; }
  bool staged() const { return lock_.held(); }
  /// It is complete: gives it its name, if it was made at all. False if something of that name has
  /// come meanwhile, which stays as it is. Throws Error(Io).
  bool publish();

 private:
  void stage_beside(const std::string& leaf);

  UniqueFd parent_;
  std::string leaf_;
  PathAt path_;
  repo::LockFile lock_;  ///< last: it needs the directory above
};

}  // namespace xylem::tree
