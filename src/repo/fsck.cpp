#include "repo/fsck.hpp"

#include <algorithm>

#include "repo/fsck_steps.hpp"

namespace xylem::repo {

FsckReport fsck(Repo& repo, const FsckOptions& options) {
  const bool changes = options.delete_bad || options.add_tombstones;
  if (changes) repo.require_writable();
  const RepoLock lock =
      repo.lock(changes ? os::LockMode::Exclusive : os::LockMode::Shared, options.cancel);

  FsckReport report;
  const std::vector<CheckedCommit> commits = check_commits(repo, options, report);
  check_refs(repo, options, report);
  if (options.verify_back_refs) check_back_refs(repo, commits, report);
  check_objects(repo, commits, options, report);
  if (options.delete_bad) remove_bad(repo, commits, report);
  if (options.add_tombstones) add_tombstones(repo, commits);
  std::ranges::stable_sort(report.problems, {}, &FsckProblem::object);
  return report;
}

}  // namespace xylem::repo
