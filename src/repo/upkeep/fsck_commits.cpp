#include <algorithm>

#include "repo/partial.hpp"
#include "repo/upkeep/fsck_steps.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// Of the repository and its parents, each once.
std::vector<Checksum> all_commits(const Repo& repo) {
  std::vector<Checksum> commits;
  for (const Repo* level = &repo; level != nullptr; level = level->parent())
    level->store().for_each([&](const ObjectName& name) {
      if (name.type == ObjectType::Commit) commits.push_back(name.checksum);
    });
  std::ranges::sort(commits);
  const auto repeated = std::ranges::unique(commits);
  commits.erase(repeated.begin(), repeated.end());
  return commits;
}

}  // namespace

void check_markers(const Repo& repo, FsckReport& report) {
  for (const auto& [commit, error] : bad_markers(repo))
    report.problems.push_back({FsckProblem::Kind::BadMarker, {}, {}, error.what()});
}

std::vector<CheckedCommit> check_commits(const Repo& repo, const FsckOptions& options,
                                         FsckReport& report) {
  std::vector<CheckedCommit> good;
  for (const Checksum& checksum : all_commits(repo)) {
    options.cancel.check();
    ++report.objects_checked;
    if (auto problem = check_object(repo, {checksum, ObjectType::Commit}, false)) {
      const bool readable = problem->kind == FsckProblem::Kind::Foreign;
      report.problems.push_back(std::move(*problem));
      if (!readable) continue;
    }
    const bool partial = commit_state(repo, checksum) != CommitState::Complete;
    if (partial)
      report.partial_commits.push_back(checksum);
    else
      ++report.commits_checked;
    good.push_back({checksum, repo.load_commit(checksum), partial});
  }
  return good;
}

}  // namespace xylem::repo
