#pragma once

/// \file
/// What a prune removes. Nothing here changes the repository.

#include <cstdint>
#include <vector>

#include "object/names/object_name.hpp"
#include "repo/refs/static_deltas.hpp"
#include "repo/upkeep/prune.hpp"

namespace xylem::repo {

struct PrunePlan {
  std::vector<Checksum> commits;              ///< Victims, with all that is kept beside a commit.
  std::vector<object::ObjectName> objects;    ///< Other victims, in the order of directories.
  std::vector<object::ObjectName> leftovers;  ///< Detached metadata without a commit: not counted.
  std::vector<delta::DeltaName> deltas;
  std::vector<std::string> summaries;  ///< File names of cached summaries.
  ErrorList unreadable_refs;  ///< If there are any, no commit is a victim: each may be theirs.

  std::uint64_t objects_total = 0;  ///< Victims or not, as `ostree prune` counts them.
  std::uint64_t objects_victims = 0;
  std::uint64_t bytes = 0;  ///< That the counted victims take.
};

/// Throws Error(NotFound) when a complete commit that is kept lacks a tree: what the tree leads to
/// is unknown then, and must not be taken for unneeded. Error(Corrupt) for what cannot be read.
PrunePlan plan_prune(const Repo& repo, const PruneOptions& options);

}  // namespace xylem::repo
