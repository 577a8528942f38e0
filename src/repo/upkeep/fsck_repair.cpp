#include <algorithm>

#include "repo/partial.hpp"
#include "repo/upkeep/fsck_steps.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// Looks again before anything is destroyed: a disk that cannot be read is no reason to delete, and
/// since the first look others may have been here.
bool is_corrupt(const LooseStore& store, const ObjectName& name) {
  try {
    verify_object(store, name);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::Corrupt;
  }
  return false;
}

/// What the repository itself has, and can lose.
std::vector<ObjectName> corrupt_objects(const Repo& repo, const FsckReport& report) {
  std::vector<ObjectName> corrupt;
  for (const FsckProblem& problem : report.problems)
    if (problem.kind == FsckProblem::Kind::Corrupt && is_corrupt(repo.store(), problem.object))
      corrupt.push_back(problem.object);
  return corrupt;
}

/// Also commits that refs lead to in vain.
std::vector<ObjectName> missing_objects(const Repo& repo, const FsckReport& report) {
  std::vector<ObjectName> missing;
  for (const FsckProblem& problem : report.problems) {
    const bool names_object = problem.object != ObjectName{};
    if (problem.kind != FsckProblem::Kind::Corrupt && names_object && !repo.has(problem.object))
      missing.push_back(problem.object);
  }
  return missing;
}

bool needs_any(const Repo& repo, const object::Commit& commit,
               const std::vector<ObjectName>& gone) {
  object::ObjectSet reachable;
  add_reachable(repo, commit, reachable);
  return std::ranges::any_of(gone,
                             [&](const ObjectName& name) { return reachable.contains(name); });
}

void mark(Repo& repo, const std::vector<CheckedCommit>& commits,
          const std::vector<ObjectName>& gone, FsckReport& report) {
  const auto mark_one = [&](const Checksum& commit) {
    mark_partial(repo, commit, CommitState::PartialByFsck, repo.config().fsync);
    report.marked.push_back(commit);
  };
  for (const ObjectName& name : gone)
    if (name.type == ObjectType::Commit) mark_one(name.checksum);
  for (const CheckedCommit& entry : commits) {
    const bool there = repo.has({entry.checksum, ObjectType::Commit});
    if (there && !entry.partial && needs_any(repo, entry.commit, gone)) mark_one(entry.checksum);
  }
}

}  // namespace

void name_commits(const Repo& repo, const std::vector<CheckedCommit>& commits, FsckReport& report) {
  using Kind = FsckProblem::Kind;
  std::vector<FsckProblem*> bad;
  for (FsckProblem& problem : report.problems)
    if (problem.kind == Kind::Corrupt || problem.kind == Kind::Missing) bad.push_back(&problem);
  if (bad.empty()) return;
  for (const CheckedCommit& entry : commits) {
    object::ObjectSet reachable;
    if (!entry.partial) add_reachable(repo, entry.commit, reachable);
    for (FsckProblem* problem : bad)
      if (reachable.contains(problem->object)) problem->commits.push_back(entry.checksum);
  }
}

void mark_incomplete(Repo& repo, const std::vector<CheckedCommit>& commits, FsckReport& report) {
  const std::vector<ObjectName> gone = missing_objects(repo, report);
  if (!gone.empty()) mark(repo, commits, gone, report);
}

void remove_bad(Repo& repo, const std::vector<CheckedCommit>& commits, FsckReport& report) {
  const std::vector<ObjectName> corrupt = corrupt_objects(repo, report);
  std::vector<ObjectName> gone = missing_objects(repo, report);
  gone.insert(gone.end(), corrupt.begin(), corrupt.end());
  if (gone.empty()) return;
  // Marked first: a commit without a marker is taken for complete.
  mark(repo, commits, gone, report);
  // Unlinked, never written to: a checkout may share the inode.
  for (const ObjectName& name : corrupt) repo.store().remove(name);
}

}  // namespace xylem::repo
