#include "xylem/maintenance.hpp"

#include "api/repository_impl.hpp"
#include "pull/downloads/transfers.hpp"
#include "pull/jobs/repair.hpp"
#include "repo/staging/tmp_cleanup.hpp"
#include "repo/upkeep/prune.hpp"

namespace xylem {

namespace {

repo::PruneOptions internal_options(const PruneOptions& options, const CancelToken& cancel) {
  repo::PruneOptions result;
  result.retention.refs_only = options.refs_only;
  result.retention.depth = options.depth;
  result.retention.keep_younger_than = options.keep_younger_than;
  result.retention.branch_depths = options.retain_branch_depth;
  result.retention.only_branches = {options.only_branches.begin(), options.only_branches.end()};
  if (options.delete_commit) result.delete_commit = Checksum::parse(*options.delete_commit);
  result.static_deltas_only = options.static_deltas_only;
  result.commit_only = options.commit_only;
  result.no_prune = options.no_prune;
  result.cancel = cancel;
  return result;
}

std::vector<std::string> messages(const std::vector<repo::FsckProblem>& problems) {
  std::vector<std::string> texts;
  for (const repo::FsckProblem& problem : problems) texts.push_back(problem.message);
  return texts;
}

}  // namespace

PruneResult Repository::prune(const PruneOptions& options, const CancelToken& cancel) {
  const repo::PruneReport report = repo::prune(impl_->repo, internal_options(options, cancel));
  return {report.objects_total, report.objects_pruned, report.bytes_freed,
          report.failures.errors()};
}

std::vector<Transfer> Repository::transfers() const {
  return pull::list_transfers(impl_->repo.tmp());
}

void Repository::abort_transfer(const std::string& name, const CancelToken& cancel) {
  pull::abort_transfer(impl_->repo.tmp(), name, cancel);
}

RecoverResult Repository::recover(const CancelToken& cancel) {
  return recover(RecoverOptions{}, cancel);
}

RecoverResult Repository::recover(const RecoverOptions& options, const CancelToken& cancel) {
  const auto how = options.all ? repo::CleanUp::Unlocked : repo::CleanUp::Unneeded;
  repo::TmpCleanup cleanup = repo::recover(impl_->repo, cancel, how);
  RecoverResult result;
  for (repo::TmpEntry& entry : repo::list_tmp(impl_->repo.tmp()))
    if (!entry.in_use)
      result.left_over.push_back({std::move(entry.name), entry.bytes, entry.modified});
  result.removed = std::move(cleanup.removed);
  result.in_use = std::move(cleanup.in_use);
  result.failures = cleanup.failures.errors();
  return result;
}

RepairResult Repository::repair(const CancelToken& cancel) {
  repo::FsckOptions options;
  options.cancel = cancel;
  const pull::RepairReport report = pull::repair(impl_->repo, options);
  RepairResult result;
  result.commits_checked = report.found.commits_checked;
  result.objects_checked = report.found.objects_checked;
  result.problems = messages(report.found.problems);
  result.remaining = messages(report.remaining);
  for (const Checksum& commit : report.broken) result.broken.push_back(commit.hex());
  for (const pull::CommitRepair& repair : report.repairs) {
    if (repair.remote) result.repaired.push_back(repair.commit.hex());
    const auto& failures = repair.failures.errors();
    result.failures.insert(result.failures.end(), failures.begin(), failures.end());
  }
  return result;
}

}  // namespace xylem
