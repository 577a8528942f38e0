#include "repo/prune_execution.hpp"

#include <set>

#include "base/os.hpp"
#include "repo/layout.hpp"
#include "repo/partial.hpp"
#include "repo/tombstones.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

PruneExecution::PruneExecution(Repo& repo, const PrunePlan& plan, const CancelToken& cancel)
    : repo_(repo), plan_(plan), cancel_(cancel), trash_(repo) {}

void PruneExecution::run() {
  if (repo_.config().tombstone_commits) write_tombstones();
  remove_commits();
  remove_what_belongs_to_commits();
  for (const ObjectName& name : plan_.objects) remove(name);
  for (const ObjectName& name : plan_.leftovers) remove(name);
  remove_deltas();
  remove_summaries();
}

bool PruneExecution::take(const PathAt& path) {
  cancel_.check();
  return failures_.attempt([&] { trash_.take(path); });
}

bool PruneExecution::remove(const ObjectName& name) {
  return take(repo_.store().path(name));
}

void PruneExecution::write_tombstones() {
  for (const Checksum& commit : plan_.commits)
    failures_.attempt([&] { write_tombstone(repo_, commit); });
}

void PruneExecution::remove_commits() {
  std::vector<Checksum> removed;
  for (const Checksum& commit : plan_.commits) {
    if (remove({commit, ObjectType::Commit}))
      removed.push_back(commit);
    else  // it stays, and what it needs goes
      mark_partial(repo_, commit, CommitState::Partial, repo_.config().fsync);
  }
  if (repo_.config().fsync) sync_removal(removed);
}

void PruneExecution::sync_removal(const std::vector<Checksum>& removed) const {
  std::set<std::string> prefixes;
  for (const Checksum& commit : removed) prefixes.insert(layout::object_dir(commit));
  // A rename concerns two directories, and file systems differ in which of them decides.
  trash_.sync();
  for (const std::string& prefix : prefixes) os::fsync(os::open_dir({repo_.store().dir(), prefix}));
}

void PruneExecution::remove_what_belongs_to_commits() {
  for (const Checksum& commit : plan_.commits) {
    if (repo_.store().has({commit, ObjectType::Commit})) continue;
    remove({commit, ObjectType::CommitMeta});
    failures_.attempt([&] { unmark_partial(repo_, commit); });
  }
}

void PruneExecution::remove_deltas() {
  for (const DeltaName& delta : plan_.deltas) {
    // The index first, as it names deltas: none will lead to this commit any more.
    take({repo_.dir(), delta_index_file(delta.to)});
    if (take({repo_.dir(), delta.dir()})) ++deltas_removed_;
  }
}

void PruneExecution::remove_summaries() {
  for (const std::string& file : plan_.summaries)
    take({repo_.dir(), std::string(layout::summary_cache) + "/" + file});
}

}  // namespace xylem::repo
