#pragma once

/// \file
/// Options and results of prune, recover and repair.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "xylem/error.hpp"

namespace xylem {

/// What a prune keeps; the defaults and meanings are those of `ostree prune`.
struct PruneOptions {
  bool refs_only = false;  ///< Keep only commits that are reachable from refs.
  int depth = -1;          ///< Number of parents to keep with each commit; -1 keeps all.
  /// Keep the commits of each ref that are not older (seconds since the epoch).
  std::optional<std::int64_t> keep_younger_than;
  std::map<std::string, int> retain_branch_depth;  ///< By "ref" or "remote:ref".
  std::vector<std::string> only_branches;          ///< All others keep their history.
  std::optional<std::string> delete_commit;        ///< A checksum; no ref may point to it.
  bool static_deltas_only = false;                 ///< Delete only deltas to `delete_commit`.
  bool commit_only = false;                        ///< Delete nothing but commits.
  bool no_prune = false;                           ///< Count, but delete nothing.
};

struct PruneResult {
  std::uint64_t objects_total = 0;   ///< Before.
  std::uint64_t objects_pruned = 0;  ///< With `no_prune`: that would be pruned.
  std::uint64_t bytes_freed = 0;
  std::vector<Error> failures;  ///< Entries that could not be removed; all others were.
};

struct RecoverOptions {
  /// Also remove what a later pull could go on with: young directories of processes that have
  /// ended.
  bool all = false;
};

/// A directory of an ended process that stays, for a later pull or until it is old.
struct LeftOver {
  std::string name;           ///< In tmp/.
  std::uint64_t bytes = 0;    ///< On disk.
  std::int64_t modified = 0;  ///< Seconds since the epoch.
};

/// Names of entries in tmp/.
struct RecoverResult {
  std::vector<std::string> removed;
  std::vector<std::string> in_use;
  std::vector<LeftOver> left_over;
  std::vector<Error> failures;  ///< Entries that could not be removed; all others were.
};

struct RepairResult {
  std::uint64_t commits_checked = 0;
  std::uint64_t objects_checked = 0;
  std::vector<std::string> problems;   ///< Found, as messages.
  std::vector<std::string> repaired;   ///< Commits.
  std::vector<std::string> broken;     ///< Commits that stay marked partial.
  std::vector<std::string> remaining;  ///< Problems that remain.
  std::vector<Error> failures;         ///< Why remotes could not provide objects.

  bool good() const { return broken.empty() && remaining.empty(); }
};

}  // namespace xylem
