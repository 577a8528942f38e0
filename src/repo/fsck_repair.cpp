#include <algorithm>

#include "repo/fsck_steps.hpp"
#include "repo/partial.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// Looks again before anything is destroyed: a disk that cannot be read is no reason to delete.
bool is_corrupt(const LooseStore& store, const ObjectName& name) {
  try {
    verify_object(store, name);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::Corrupt;
  }
  return false;
}

std::vector<ObjectName> corrupt_objects(const Repo& repo, const FsckReport& report) {
  std::vector<ObjectName> corrupt;
  for (const FsckProblem& problem : report.problems)
    if (problem.kind == FsckProblem::Kind::Corrupt && is_corrupt(repo.store(), problem.object))
      corrupt.push_back(problem.object);
  return corrupt;
}

std::vector<ObjectName> missing_objects(const FsckReport& report) {
  std::vector<ObjectName> missing;
  for (const FsckProblem& problem : report.problems)
    if (problem.kind == FsckProblem::Kind::Missing) missing.push_back(problem.object);
  return missing;
}

bool needs_any(const Repo& repo, const object::Commit& commit,
               const std::vector<ObjectName>& gone) {
  std::unordered_set<ObjectName> reachable;
  add_reachable(repo, commit, reachable);
  return std::ranges::any_of(gone,
                             [&](const ObjectName& name) { return reachable.contains(name); });
}

}  // namespace

void remove_bad(Repo& repo, const std::vector<CheckedCommit>& commits, const FsckReport& report) {
  const std::vector<ObjectName> corrupt = corrupt_objects(repo, report);
  std::vector<ObjectName> gone = missing_objects(report);
  gone.insert(gone.end(), corrupt.begin(), corrupt.end());
  if (gone.empty()) return;
  // Marked first: a commit without a marker is taken for complete.
  for (const CheckedCommit& entry : commits)
    if (!entry.partial && needs_any(repo, entry.commit, gone))
      mark_partial(repo, entry.checksum, CommitState::PartialByFsck);
  for (const ObjectName& name : corrupt) repo.store().remove(name);
}

}  // namespace xylem::repo
