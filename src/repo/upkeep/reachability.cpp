#include "repo/upkeep/reachability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "repo/keep/leases.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"
#include "repo/upkeep/traverse.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectSet;
using object::ObjectType;

namespace {

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

std::unordered_set<Checksum> retained(const Wanted& wanted, const RetentionRules& rules,
                                      const RetentionBegin& begin,
                                      const std::optional<Checksum>& excluded) {
  const auto node_of = [&](const Checksum& commit) -> std::optional<CommitNode> {
    wanted.cancel.check();
    if (commit == excluded || !wanted.repo.has({commit, ObjectType::Commit})) return std::nullopt;
    const object::Commit loaded = wanted.repo.load_commit(commit);
    return CommitNode{loaded.parent, loaded.timestamp};
  };
  return retained_commits(choose_tips(rules, begin), node_of);
}

}  // namespace

Wanted::Wanted(const Repo& from, const CancelToken& token)
    : repo(from), leased(leased_objects(from, std::time(nullptr))), cancel(token) {}

std::vector<ObjectName> list_objects(const Repo& repo) {
  std::vector<ObjectName> objects;
  repo.store().for_each([&](const ObjectName& name) { objects.push_back(name); });
  std::ranges::sort(objects);
  return objects;
}

std::unordered_set<Checksum> commits_to_keep(const Wanted& wanted,
                                             const std::vector<ObjectName>& objects,
                                             const RetentionRules& rules,
                                             const std::optional<Checksum>& excluded,
                                             ErrorList& unreadable) {
  const RetentionBegin begin = begin_of(wanted.repo, objects, excluded, unreadable);
  std::unordered_set<Checksum> commits =
      unreadable.empty() ? retained(wanted, rules, begin, excluded)
                         : std::unordered_set<Checksum>(begin.commits.begin(), begin.commits.end());
  for (const ObjectName& name : wanted.leased)
    if (name.type == ObjectType::Commit && name.checksum != excluded && wanted.repo.has(name))
      commits.insert(name.checksum);
  return commits;
}

ObjectSet objects_to_keep(const Wanted& wanted, bool commit_only,
                          const std::unordered_set<Checksum>& commits) try {
  const auto ignore = [](const ObjectName&) {};
  ObjectSet reachable;
  for (const ObjectName& name : wanted.leased)
    if (name.type != ObjectType::Commit) reachable.insert(name);
  for (const Checksum& commit : commits) {
    wanted.cancel.check();
    reachable.insert({commit, ObjectType::Commit});
    if (commit_only) continue;
    if (commit_state(wanted.repo, commit) == CommitState::Complete)
      traverse_commit(wanted.repo, commit, reachable);
    else
      traverse_commit(wanted.repo, commit, reachable, ignore);
  }
  return reachable;
} catch (Error& error) {
  if (error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::Corrupt)
    error.details().hint = "run `xylem fsck --repair` to fetch what is missing or damaged";
  throw;
}

}  // namespace xylem::repo
