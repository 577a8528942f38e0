#pragma once

/// \file
/// Keeping a repository small and whole: what it is asked, and what comes of it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "xylem/error.hpp"

namespace xylem {

/// What a prune keeps; the defaults and meanings are those of `ostree prune`.
struct PruneOptions {
  bool refs_only = false;  ///< Keep what refs lead to, not every commit.
  int depth = -1;          ///< Parents that are kept with each; -1 is all of them.
  /// Keep the history behind each ref as far as it is no older (seconds since the epoch).
  std::optional<std::int64_t> keep_younger_than;
  std::map<std::string, int> retain_branch_depth;  ///< By "ref" or "remote:ref".
  std::vector<std::string> only_branches;          ///< The others keep their history.
  std::optional<std::string> delete_commit;        ///< A checksum; it must have no ref.
  bool static_deltas_only = false;                 ///< Only those that lead to `delete_commit`.
  bool commit_only = false;                        ///< Delete nothing but commits.
  bool no_prune = false;                           ///< Only count.
};

struct PruneResult {
  std::uint64_t objects_total = 0;   ///< Before.
  std::uint64_t objects_pruned = 0;  ///< Or that would be, with `no_prune`.
  std::uint64_t bytes_freed = 0;
  std::vector<Error> failures;  ///< What could not be removed; all else was.
};

/// Names of what lies in tmp/.
struct RecoverResult {
  std::vector<std::string> removed;
  std::vector<std::string> in_use;
  std::vector<Error> failures;  ///< What could not be removed; all else was.
};

struct RepairResult {
  std::uint64_t commits_checked = 0;
  std::uint64_t objects_checked = 0;
  std::vector<std::string> problems;   ///< What was found, in words.
  std::vector<std::string> repaired;   ///< Commits.
  std::vector<std::string> broken;     ///< Commits that stay marked partial.
  std::vector<std::string> remaining;  ///< Problems that are still there.
  std::vector<Error> failures;         ///< Why remotes were of no help.

  bool good() const { return broken.empty() && remaining.empty(); }
};

}  // namespace xylem
