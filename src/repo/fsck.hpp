#pragma once

/// \file
/// Checks a repository. Finds, reports and, if asked, marks; repairing is for who can fetch.

#include <functional>
#include <string>
#include <vector>

#include "repo/repo.hpp"
#include "xylem/cancel.hpp"

namespace xylem::repo {

struct FsckOptions {
  /// Remove corrupt objects, and mark the commits that need a corrupt or missing one as partial.
  bool delete_bad = false;
  bool add_tombstones = false;
  bool verify_bindings = false;
  bool verify_back_refs = false;
  /// All objects of the store too, not only what commits reach.
  bool all_objects = true;
  unsigned threads = 0;  ///< 0: as many as there are processors.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
  CancelToken cancel;
};

struct FsckProblem {
  enum class Kind { Corrupt, Missing, BadRef, BadBinding, BadBackRef };
  Kind kind = Kind::Corrupt;
  object::ObjectName object;
  std::string ref;      ///< For problems of refs.
  std::string message;  ///< For people.
};

struct FsckReport {
  std::uint64_t objects_checked = 0;
  std::uint64_t commits_checked = 0;
  std::vector<Checksum> partial_commits;  ///< Not a problem: known to be incomplete.
  std::vector<FsckProblem> problems;      ///< Sorted by object.
  bool clean() const { return problems.empty(); }
};

/// Holds the shared repository lock (exclusive with delete_bad). Objects that commits need are
/// verified by checksum, in parallel.
FsckReport fsck(Repo& repo, const FsckOptions& options);

}  // namespace xylem::repo
