#pragma once

/// \file
/// Room `repo/upkeep`: what keeps a repository in order: fsck, prune, retention, tombstones,
/// walking commits and trees. Knows nothing of networks, transactions that are open.
///
/// Deletes what nothing needs any more, in the sense of `ostree prune`: the same repositories come
/// out of both. Parents of the repository are read, never changed.
///
/// A prune never races a transaction: it holds the exclusive repository lock while it looks and
/// while it takes names away, and transactions hold the shared one from before they first ask
/// whether an object exists until they have published. The slow part, freeing the space, comes
/// after the lock (see trash.hpp).

#include <cstdint>
#include <optional>

#include "base/error_list.hpp"
#include "repo/repo.hpp"
#include "repo/upkeep/retention.hpp"

namespace xylem::repo {

struct PruneOptions {
  RetentionRules retention;
  /// Delete this commit first, whatever the rules say; it must have no ref. Turns on tombstones.
  std::optional<Checksum> delete_commit;
  /// Delete only the static deltas that lead to `delete_commit`, not the commit.
  bool static_deltas_only = false;
  bool commit_only = false;  ///< Look at commits alone, and leave what they reach.
  bool no_prune = false;     ///< Only count. Changes nothing at all.
  CancelToken cancel;
};

struct PruneReport {
  std::uint64_t objects_total = 0;   ///< Before the prune.
  std::uint64_t objects_pruned = 0;  ///< Or that would be, with `no_prune`.
  std::uint64_t bytes_freed = 0;
  std::uint64_t deltas_pruned = 0;
  /// What could not be removed. It never keeps the rest from being removed, and a commit among it
  /// has been marked partial.
  ErrorList failures;
};

/// Throws Error(Locked) if the lock cannot be had in time, Error(InvalidArgument) for options that
/// do not go together and for a commit that has a ref, and as plan_prune(); nothing is deleted
/// then. After Error(Cancelled) the repository is consistent, and the next prune goes on.
///
/// The order of deletion, so that a crash at any point leaves no commit that looks complete and is
/// not (invariant 4):
///   1. tombstones are written, where the repository wants them;
///   2. commit objects lose their names, durably; one that cannot is marked partial, durably;
///   3. what belongs to the commits (markers, detached metadata) and what only they reached;
///   4. deltas, indexes and caches, which may vanish at any time.
PruneReport prune(Repo& repo, const PruneOptions& options);

}  // namespace xylem::repo
