#include "repo/upkeep/remove_objects.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "repo/keep/extras.hpp"
#include "repo/keep/labels.hpp"
#include "repo/refs/change_refs.hpp"
#include "repo/upkeep/leftovers.hpp"
#include "repo/upkeep/prune_execution.hpp"
#include "repo/upkeep/reachability.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectSet;
using object::ObjectType;

namespace {

void require_removable_kind(const ObjectName& name) {
  switch (name.type) {
    case ObjectType::File:
    case ObjectType::DirTree:
    case ObjectType::DirMeta:
    case ObjectType::Commit:
      return;
    default:
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} belongs to another object, and goes with that", name.text()),
                  {.object = name.text()});
  }
}

void require_unneeded(const std::vector<ObjectName>& victims, const ObjectSet& needed, bool commits,
                      const char* by) {
  for (const ObjectName& name : victims)
    if ((name.type == ObjectType::Commit) == commits && needed.contains(name))
      throw Error(ErrorKind::InvalidArgument, fmt::format("{} is needed by {}", name.text(), by),
                  {.object = name.text()});
}

/// Sorted victims, by what becomes of them.
PrunePlan plan_of(const Repo& repo, const std::vector<ObjectName>& victims) {
  PrunePlan plan;
  for (const ObjectName& name : victims) {
    plan.bytes += repo.store().stored_size(name).value_or(0);
    if (name.type == ObjectType::Commit)
      plan.commits.push_back(name.checksum);
    else
      plan.objects.push_back(name);
  }
  return plan;
}

/// A commit goes if no ref and no lease leads to it; what is below goes if no commit is left that
/// has it, because one that lacked it would look complete.
void require_all_unneeded(const Repo& repo, const std::vector<ObjectName>& victims,
                          const CancelToken& cancel) {
  const std::vector<ObjectName> objects = list_objects(repo);
  const Wanted wanted(repo, cancel);
  ErrorList unreadable;
  const auto kept = commits_to_keep(wanted, objects, {.refs_only = true}, std::nullopt, unreadable);
  unreadable.throw_if_any("Not all refs can be read");
  require_unneeded(victims, objects_to_keep(wanted, true, kept), true, "a ref or a lease");
  std::unordered_set<Checksum> staying;
  for (const ObjectName& name : objects)
    if (name.type == ObjectType::Commit && !std::ranges::binary_search(victims, name))
      staying.insert(name.checksum);
  require_unneeded(victims, objects_to_keep(wanted, false, staying), false, "a commit or a lease");
}

}  // namespace

RemovalReport remove_objects(Repo& repo, const std::vector<ObjectName>& names,
                             const CancelToken& cancel) {
  repo.require_writable();
  std::vector<ObjectName> victims = names;
  std::ranges::sort(victims);
  victims.erase(std::unique(victims.begin(), victims.end()), victims.end());
  for (const ObjectName& name : victims) require_removable_kind(name);

  RepoLock lock = repo.lock(os::LockMode::Exclusive, cancel);
  for (const ObjectName& name : victims) require_own(repo, name);
  RefEditor(repo, lock);  // finishes a change of refs that was broken off
  require_all_unneeded(repo, victims, cancel);
  RemovalReport report;
  report.failures.add(remove_idle_staging(repo, lock));
  const PrunePlan plan = plan_of(repo, victims);
  PruneExecution execution(repo, plan, cancel);
  execution.run();
  report.objects = victims.size();
  report.bytes_freed = plan.bytes;
  report.failures.add(execution.take_failures());
  report.failures.attempt([&] { remove_labels_of_nothing(repo); });
  lock.release();
  report.failures.attempt([&] { execution.trash().empty(); });
  return report;
}

}  // namespace xylem::repo
