#include "repo/upkeep/prune_plan.hpp"

#include <fmt/format.h>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/upkeep/reachability.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectSet;
using object::ObjectType;

namespace {

std::optional<Checksum> excluded_commit(const PruneOptions& options) {
  return options.static_deltas_only ? std::nullopt : options.delete_commit;
}

/// The file that a payload link leads to; nullopt if it leads nowhere in objects/.
std::optional<ObjectName> payload_target(const LooseStore& store, const ObjectName& link) {
  constexpr std::string_view up = "../";
  const std::string text = os::read_link(store.path(link));
  if (!text.starts_with(up) || text.size() < up.size() + 3) return std::nullopt;
  return layout::parse_loose_object(text.substr(up.size(), 2), text.substr(up.size() + 3),
                                    store.mode());
}

bool keeps_payload_link(const Repo& repo, const ObjectSet& reachable, const ObjectName& link) {
  const auto target = payload_target(repo.store(), link);
  return target && reachable.contains(*target) &&
         repo.store().stored_size(*target).value_or(0) >= repo.config().payload_link_threshold;
}

/// Sorts the objects that there are into victims and others.
class Sorting {
 public:
  Sorting(const Repo& repo, const PruneOptions& options, const ObjectSet& reachable,
          PrunePlan& plan)
      : repo_(repo), options_(options), reachable_(reachable), plan_(plan) {}

  void sort(const ObjectName& name) {
    switch (name.type) {
      case ObjectType::Commit:
        if (name.checksum == excluded_commit(options_))
          plan_.commits.push_back(name.checksum);
        else if (count(name, reachable_.contains(name)))
          plan_.commits.push_back(name.checksum);
        return;
      case ObjectType::CommitMeta:
        if (!repo_.has({name.checksum, ObjectType::Commit})) plan_.leftovers.push_back(name);
        return;
      case ObjectType::File:
      case ObjectType::DirTree:
      case ObjectType::DirMeta:
        return sort_below(name, reachable_.contains(name));
      case ObjectType::PayloadLink:
        return sort_below(name, keeps_payload_link(repo_, reachable_, name));
      case ObjectType::TombstoneCommit:
      case ObjectType::FileXattrs:
      case ObjectType::FileXattrsLink:
        return;  // libostree keeps these, whoever needs them
    }
  }

 private:
  void sort_below(const ObjectName& name, bool keep) {
    if (options_.commit_only) return;
    if (count(name, keep)) plan_.objects.push_back(name);
  }

  /// Whether it is a victim.
  bool count(const ObjectName& name, bool keep) {
    ++plan_.objects_total;
    if (keep) return false;
    ++plan_.objects_victims;
    plan_.bytes += repo_.store().stored_size(name).value_or(0);
    return true;
  }

  const Repo& repo_;
  const PruneOptions& options_;
  const ObjectSet& reachable_;
  PrunePlan& plan_;
};

/// Those that lead to a commit which is not there, or will not be.
std::vector<delta::DeltaName> delta_victims(const Repo& repo, const PruneOptions& options,
                                            const std::vector<Checksum>& commits) {
  const std::unordered_set<Checksum> victims(commits.begin(), commits.end());
  std::vector<delta::DeltaName> deltas;
  for (const delta::DeltaEntry& entry : list_deltas(repo)) {
    const Checksum& to = entry.name.to;
    if (to == options.delete_commit || victims.contains(to) || !repo.has({to, ObjectType::Commit}))
      deltas.push_back(entry.name);
  }
  return deltas;
}

/// Of remotes that are no longer configured.
std::vector<std::string> summary_victims(const Repo& repo) {
  constexpr std::string_view signature = ".sig";
  std::vector<std::string> files;
  const UniqueFd cache = os::try_open_dir({repo.dir(), layout::summary_cache});
  if (!cache.valid()) return files;
  for (const DirEntry& entry : list_directory(cache)) {
    std::string remote = entry.name;
    if (remote.ends_with(signature)) remote.resize(remote.size() - signature.size());
    if (!repo.has_remote(remote)) files.push_back(entry.name);
  }
  return files;
}

}  // namespace

PrunePlan plan_prune(const Repo& repo, const PruneOptions& options) {
  const std::vector<ObjectName> objects = list_objects(repo);
  PrunePlan plan;
  const Wanted wanted(repo, options.cancel);
  const ObjectSet reachable =
      objects_to_keep(wanted, options.commit_only,
                      commits_to_keep(wanted, objects, options.retention, excluded_commit(options),
                                      plan.unreadable_refs));
  Sorting sorting(repo, options, reachable, plan);
  for (const ObjectName& name : objects) sorting.sort(name);
  plan.deltas = delta_victims(repo, options, plan.commits);
  plan.summaries = summary_victims(repo);
  return plan;
}

}  // namespace xylem::repo
