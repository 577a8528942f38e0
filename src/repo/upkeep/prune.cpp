#include "repo/upkeep/prune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "repo/keep/labels.hpp"
#include "repo/keep/leases.hpp"
#include "repo/partial.hpp"
#include "repo/refs/change_refs.hpp"
#include "repo/staging/tmp_cleanup.hpp"
#include "repo/upkeep/leftovers.hpp"
#include "repo/upkeep/prune_execution.hpp"
#include "repo/upkeep/tombstones.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

void require_sensible(const PruneOptions& options) {
  const auto refuse = [](const char* message) { throw Error(ErrorKind::InvalidArgument, message); };
  if (options.static_deltas_only && !options.delete_commit)
    refuse("--static-deltas-only requires --delete-commit");
  if (options.no_prune && options.delete_commit)
    refuse("Cannot specify both --delete-commit and --no-prune");
  if (options.retention.depth < -1) refuse("A depth must be -1 or more");
  for (const auto& [branch, depth] : options.retention.branch_depths)
    if (depth < -1) refuse("A depth must be -1 or more");
}

[[noreturn]] void throw_referenced(const Checksum& commit, const std::string& ref) {
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("Commit '{}' is referenced by '{}'", commit.hex(), ref),
              {.object = ObjectName{commit, ObjectType::Commit}.text(),
               .hint = "delete the ref first, with `xylem refs --delete`"});
}

void require_unleased(const Repo& repo, const ObjectName& commit) {
  const std::int64_t now = std::time(nullptr);
  for (const Lease& lease : list_leases(repo))
    if (!lease.has_ended(now) && std::ranges::binary_search(lease.objects, commit.text()))
      throw Error(
          ErrorKind::InvalidArgument,
          fmt::format("Commit '{}' is kept by lease '{}'", commit.checksum.hex(), lease.name),
          {.object = commit.text(), .hint = "release the lease first, with `xylem lease rm`"});
}

void require_deletable(const Repo& repo, const Checksum& commit) {
  // One that cannot be read may lead to it, and is thrown.
  for (const auto& [spec, entry] : list_refs(repo))
    if (entry.commit == commit) throw_referenced(commit, spec.text());
  for (const auto& [ref, target] : list_mirrored_refs(repo))
    if (target == commit) throw_referenced(commit, ref.collection_id + ":" + ref.ref);
  const ObjectName name{commit, ObjectType::Commit};
  require_unleased(repo, name);
  if (!repo.store().has(name))
    throw Error(ErrorKind::NotFound, fmt::format("No such commit: {}", commit.hex()),
                {.object = name.text(), .path = repo.path()});
}

/// A misspelt branch would let a history go that was to be kept.
void require_branches(const Repo& repo, const RetentionRules& rules) {
  for (const std::string& branch : rules.only_branches) resolve_rev(repo, branch);
}

/// Everything is off its place: what fails now only costs space.
void free_space(const Repo& repo, Trash& trash, PruneReport& report) {
  report.failures.attempt([&] { trash.empty(); });
  report.failures.add(clean_tmp(repo.tmp(), repo.config().tmp_expiry).failures);
}

/// What killed processes left would be taken for the truth when the commits have gone that it
/// relies on.
void remove_leftovers_before(Repo& repo, const RepoLock& held, PruneReport& report) {
  RefEditor(repo, held);  // finishes a change of refs that was broken off
  report.failures.add(remove_idle_staging(repo, held));
}

/// They are kept, and so are their commits: that needs telling, not stopping.
ErrorList unreadable_markers(const Repo& repo) {
  ErrorList unreadable;
  for (auto& [commit, error] : bad_markers(repo))
    unreadable.add(Error(error).hint("`xylem fsck --repair` moves it to quarantine/"));
  return unreadable;
}

void remove_leftovers_after(Repo& repo, const RepoLock& held, PruneReport& report) {
  report.failures.add(remove_markers_of_nothing(repo, held));
  report.failures.add(remove_half_written(repo));
  report.failures.attempt([&] { remove_ended_leases(repo, std::time(nullptr)); });
  report.failures.attempt([&] { remove_labels_of_nothing(repo); });
}

}  // namespace

PruneReport prune(Repo& repo, const PruneOptions& options) {
  require_sensible(options);
  if (!options.no_prune) repo.require_writable();
  RepoLock lock = repo.lock(os::LockMode::Exclusive, options.cancel);
  require_branches(repo, options.retention);
  if (options.delete_commit && !options.static_deltas_only)
    require_deletable(repo, *options.delete_commit);

  PruneReport report;
  if (!options.no_prune) remove_leftovers_before(repo, lock, report);
  PrunePlan plan = plan_prune(repo, options);
  report.failures.add(std::move(plan.unreadable_refs));
  report.failures.add(unreadable_markers(repo));
  report.objects_total = plan.objects_total;
  report.objects_pruned = plan.objects_victims;
  report.bytes_freed = plan.bytes;
  if (options.no_prune) return report;

  if (options.delete_commit && !options.static_deltas_only) enable_tombstones(repo, lock);
  PruneExecution execution(repo, plan, options.cancel);
  execution.run();
  report.deltas_pruned = execution.deltas_removed();
  report.failures.add(execution.take_failures());
  remove_leftovers_after(repo, lock, report);
  lock.release();
  free_space(repo, execution.trash(), report);
  return report;
}

}  // namespace xylem::repo
