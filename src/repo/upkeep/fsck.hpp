#pragma once

/// \file
/// Checks a repository. Finds, reports and, if asked, marks; fetching again is for
/// pull/jobs/repair.hpp.

#include <functional>
#include <string>
#include <vector>

#include "repo/repo.hpp"
#include "xylem/cancel.hpp"

namespace xylem::repo {

struct FsckOptions {
  /// Unlink corrupt objects, which leaves hard-linked checkouts as they are, and mark the commits
  /// that need a corrupt or missing one, or are one, as partial by fsck.
  bool delete_bad = false;
  /// Mark commits that need a missing object as partial by fsck, if the repository can be written.
  bool mark_missing = false;
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
  /// Foreign: it is as its name says, but another user owns it, or may write to it.
  enum class Kind { Corrupt, Missing, BadRef, BadBinding, BadBackRef, BadMarker, Foreign };
  Kind kind = Kind::Corrupt;
  object::ObjectName object;
  std::string ref;      ///< For problems of refs.
  std::string message;  ///< For people.
  /// That need the object, of those that were checked.
  std::vector<Checksum> commits{};
};

struct FsckReport {
  std::uint64_t objects_checked = 0;
  std::uint64_t commits_checked = 0;
  std::vector<Checksum> partial_commits;  ///< Not a problem: known to be incomplete.
  std::vector<FsckProblem> problems;      ///< Sorted by object.
  std::vector<Checksum> marked;           ///< As partial, just now.
  bool clean() const { return problems.empty(); }
};

/// Stable lower-case name: "corrupt", "missing", "bad-ref", "bad-binding", "bad-back-ref",
/// "bad-marker", "foreign".
const char* name(FsckProblem::Kind kind) noexcept;

/// Holds the shared repository lock while it looks, and the exclusive one while it deletes or
/// marks, where it looks again at what it found bad. Objects that commits need are verified by
/// checksum, in parallel.
FsckReport fsck(Repo& repo, const FsckOptions& options);

/// Those of the problems that are still there, after a repair: bad objects that are neither good
/// nor gone, and everything about refs as it is now. Takes the shared lock.
std::vector<FsckProblem> remaining_problems(const Repo& repo, const FsckOptions& options,
                                            const FsckReport& before);

}  // namespace xylem::repo
