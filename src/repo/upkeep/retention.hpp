#pragma once

/// \file
/// Which commits a prune keeps. Pure: what commits say comes from a function.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/codec/checksum.hpp"

namespace xylem::repo {

/// How much of the history behind a commit is kept; the commit itself always is.
struct Retention {
  int depth = -1;  ///< Parents; -1 is all of them.
  /// In place of the depth: the parents as far as all of them, and the commit, are no older than
  /// this (seconds since the epoch).
  std::optional<std::int64_t> not_before;
  bool operator==(const Retention&) const = default;
};

/// A commit to keep.
struct RetainedTip {
  Checksum commit;
  Retention retention;
};

/// What `ostree prune` can be told about what to keep.
struct RetentionRules {
  bool refs_only = false;  ///< Begin with the refs, not with all commits.
  int depth = -1;
  std::optional<std::int64_t> keep_younger_than;
  std::map<std::string, int> branch_depths;       ///< By "ref" or "remote:ref".
  std::unordered_set<std::string> only_branches;  ///< Not empty: all others keep their history.

  /// Any of the last three makes the refs the begin of everything.
  bool by_branch() const;
};

/// Where keeping can begin.
struct RetentionBegin {
  std::map<std::string, Checksum> refs;  ///< Heads, and "remote:ref".
  std::vector<Checksum> mirrored;        ///< Commits of refs of other collections.
  std::vector<Checksum> commits;         ///< All that there are.
};

/// A mirrored ref has no name that an option could mean: it is like any ref that none names.
std::vector<RetainedTip> choose_tips(const RetentionRules& rules, const RetentionBegin& begin);

/// What the walk needs to know of a commit.
struct CommitNode {
  std::optional<Checksum> parent;
  std::uint64_t timestamp = 0;
};
/// nullopt for a commit that is not there: the history ends, which is no error.
using CommitNodes = std::function<std::optional<CommitNode>(const Checksum&)>;

/// The commits that are there and are kept for any of the tips. Each commit is asked for once.
std::unordered_set<Checksum> retained_commits(std::span<const RetainedTip> tips,
                                              const CommitNodes& nodes);

}  // namespace xylem::repo
