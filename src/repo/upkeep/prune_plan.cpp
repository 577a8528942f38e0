#include "repo/upkeep/prune_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"
#include "repo/upkeep/traverse.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectSet;
using object::ObjectType;

namespace {

std::optional<Checksum> excluded_commit(const PruneOptions& options) {
  return options.static_deltas_only ? std::nullopt : options.delete_commit;
}

std::vector<ObjectName> list_objects(const Repo& repo) {
  std::vector<ObjectName> objects;
  repo.store().for_each([&](const ObjectName& name) { objects.push_back(name); });
  std::ranges::sort(objects);
  return objects;
}

Error explain(const std::string& ref, const Error& error) {
  ErrorDetails details = error.details();
  details.hint =
      "correct or remove the file (`xylem fsck --repair` moves it to quarantine/), then prune "
      "again";
  return {error.kind(),
          fmt::format("Ref {} cannot be read, so that any commit may be its own, and none is "
                      "deleted: {}",
                      ref, error.what()),
          std::move(details)};
}

RetentionBegin begin_of(const Repo& repo, const std::vector<ObjectName>& objects,
                        const std::optional<Checksum>& excluded, ErrorList& unreadable) {
  RetentionBegin begin;
  const auto refs = list_refs(repo, {}, [&](const object::RefSpec& spec, const Error& error) {
    unreadable.add(explain(spec.text(), error));
  });
  const auto mirrored = list_mirrored_refs(repo, [&](const CollectionRef& ref, const Error& error) {
    unreadable.add(explain(ref.collection_id + ":" + ref.ref, error));
  });
  for (const auto& [spec, entry] : refs) begin.refs.emplace(spec.text(), entry.commit);
  for (const auto& [ref, commit] : mirrored) begin.mirrored.push_back(commit);
  for (const ObjectName& name : objects)
    if (name.type == ObjectType::Commit && name.checksum != excluded)
      begin.commits.push_back(name.checksum);
  return begin;
}

std::unordered_set<Checksum> commits_to_keep(const Repo& repo, const PruneOptions& options,
                                             const RetentionBegin& begin) {
  const auto node_of = [&](const Checksum& commit) -> std::optional<CommitNode> {
    options.cancel.check();
    if (commit == excluded_commit(options) || !repo.has({commit, ObjectType::Commit}))
      return std::nullopt;
    const object::Commit loaded = repo.load_commit(commit);
    return CommitNode{loaded.parent, loaded.timestamp};
  };
  return retained_commits(choose_tips(options.retention, begin), node_of);
}

std::unordered_set<Checksum> all_of(const std::vector<Checksum>& commits) {
  return {commits.begin(), commits.end()};
}

/// With the commits themselves. A partial commit may lack trees.
ObjectSet objects_to_keep(const Repo& repo, const PruneOptions& options,
                          const std::unordered_set<Checksum>& commits) try {
  const auto ignore = [](const ObjectName&) {};
  ObjectSet reachable;
  for (const Checksum& commit : commits) {
    options.cancel.check();
    reachable.insert({commit, ObjectType::Commit});
    if (options.commit_only) continue;
    if (commit_state(repo, commit) == CommitState::Complete)
      traverse_commit(repo, commit, reachable);
    else
      traverse_commit(repo, commit, reachable, ignore);
  }
  return reachable;
} catch (Error& error) {
  if (error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::Corrupt)
    error.details().hint = "run `xylem fsck --repair` to fetch what is missing or damaged";
  throw;
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
  const RetentionBegin begin =
      begin_of(repo, objects, excluded_commit(options), plan.unreadable_refs);
  const ObjectSet reachable = objects_to_keep(
      repo, options,
      plan.unreadable_refs.empty() ? commits_to_keep(repo, options, begin) : all_of(begin.commits));
  Sorting sorting(repo, options, reachable, plan);
  for (const ObjectName& name : objects) sorting.sort(name);
  plan.deltas = delta_victims(repo, options, plan.commits);
  plan.summaries = summary_victims(repo);
  return plan;
}

}  // namespace xylem::repo
