#include "repo/upkeep/fsck.hpp"

#include <algorithm>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/read_lock.hpp"
#include "repo/upkeep/fsck_steps.hpp"
#include "repo/upkeep/leftovers.hpp"

namespace xylem::repo {

namespace {

std::vector<CheckedCommit> look(const Repo& repo, const FsckOptions& options, FsckReport& report) {
  const RepoLock lock = repo.lock(os::LockMode::Shared, options.cancel);
  const ReadLock parents = ReadLock::of_parents(repo, options.cancel);
  std::vector<CheckedCommit> commits = check_commits(repo, options, report);
  check_refs(repo, options, report);
  if (options.verify_back_refs) check_back_refs(repo, commits, report);
  check_object_dirs(repo, report);
  check_markers(repo, report);
  check_objects(repo, commits, options, report);
  return commits;
}

bool has_missing(const FsckReport& report) {
  return std::ranges::any_of(report.problems, [](const FsckProblem& problem) {
    return problem.kind == FsckProblem::Kind::Missing;
  });
}

/// Markers of nothing go first: those of commits that are removed now say what a repair has to
/// fetch.
void remove_all_bad(Repo& repo, const RepoLock& held, const std::vector<CheckedCommit>& commits,
                    FsckReport& report) {
  remove_markers_of_nothing(repo, held).throw_if_any("Markers");
  remove_bad(repo, commits, report);
  remove_idle_staging(repo, held).throw_if_any("Left-overs");
}

}  // namespace

const char* name(FsckProblem::Kind kind) noexcept {
  switch (kind) {
    case FsckProblem::Kind::Corrupt:
      return "corrupt";
    case FsckProblem::Kind::Missing:
      return "missing";
    case FsckProblem::Kind::BadRef:
      return "bad-ref";
    case FsckProblem::Kind::BadBinding:
      return "bad-binding";
    case FsckProblem::Kind::BadBackRef:
      return "bad-back-ref";
    case FsckProblem::Kind::BadMarker:
      return "bad-marker";
    case FsckProblem::Kind::Foreign:
      return "foreign";
  }
  return "other";
}

FsckReport fsck(Repo& repo, const FsckOptions& options) {
  const bool changes = options.delete_bad || options.add_tombstones;
  if (changes) repo.require_writable();
  FsckReport report;
  const std::vector<CheckedCommit> commits = look(repo, options, report);
  name_commits(repo, commits, report);
  const bool marks =
      options.mark_missing && has_missing(report) && os::is_writable({repo.dir(), layout::state});
  if (changes || marks) {
    const RepoLock lock = repo.lock(os::LockMode::Exclusive, options.cancel);
    if (options.delete_bad)
      remove_all_bad(repo, lock, commits, report);
    else if (marks)
      mark_incomplete(repo, commits, report);
    if (options.add_tombstones) add_tombstones(repo, lock, commits);
  }
  std::ranges::stable_sort(report.problems, {}, &FsckProblem::object);
  return report;
}

std::vector<FsckProblem> remaining_problems(const Repo& repo, const FsckOptions& options,
                                            const FsckReport& before) {
  using Kind = FsckProblem::Kind;
  const RepoLock lock = repo.lock(os::LockMode::Shared, options.cancel);
  FsckReport now;
  for (const FsckProblem& problem : before.problems) {
    if (problem.kind != Kind::Corrupt && problem.kind != Kind::Missing &&
        problem.kind != Kind::Foreign)
      continue;
    if (auto still = check_object(repo, problem.object, false)) now.problems.push_back(*still);
  }
  check_object_dirs(repo, now);
  check_markers(repo, now);
  check_refs(repo, options, now);
  if (options.verify_back_refs) {
    FsckReport unused;
    check_back_refs(repo, check_commits(repo, options, unused), now);
  }
  return std::move(now.problems);
}

}  // namespace xylem::repo
