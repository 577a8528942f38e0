#pragma once

/// \file
/// What is needed in a repository: by refs and rules, by leases, and by what these lead to.

#include <unordered_set>
#include <vector>

#include "base/error_list.hpp"
#include "object/names/object_set.hpp"
#include "repo/repo.hpp"
#include "repo/upkeep/retention.hpp"

namespace xylem::repo {

/// A repository, and what leases want of it.
struct Wanted {
  /// Throws Error(Corrupt) for a lease that cannot be read. All are borrowed.
  Wanted(const Repo& from, const CancelToken& token);
  const Repo& repo;
  std::vector<object::ObjectName> leased;
  const CancelToken& cancel;
};

/// Sorted, without those of parents.
std::vector<object::ObjectName> list_objects(const Repo& repo);

/// Those of `objects` that the rules or a lease keep, but never `excluded`. If there is a ref that
/// cannot be read, which is noted, these are all commits: each may be the one that it leads to.
std::unordered_set<Checksum> commits_to_keep(const Wanted& wanted,
                                             const std::vector<object::ObjectName>& objects,
                                             const RetentionRules& rules,
                                             const std::optional<Checksum>& excluded,
                                             ErrorList& unreadable);

/// The commits, all that they reach, and what else is leased. A partial commit may lack trees.
/// Throws Error(NotFound) when a complete one does: what the tree leads to is unknown then.
object::ObjectSet objects_to_keep(const Wanted& wanted, bool commit_only,
                                  const std::unordered_set<Checksum>& commits);

}  // namespace xylem::repo
