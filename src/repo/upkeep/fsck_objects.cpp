#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "repo/tree_walk.hpp"
#include "repo/upkeep/fsck_steps.hpp"
#include "task/parallel.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

struct Candidate {
  ObjectName name;
  bool needed = false;  ///< A complete commit reaches it.
};

/// Unreadable trees end the walk here: verifying them as objects says why.
std::optional<object::DirTree> load_if_good(const Repo& repo, const ObjectName& name) {
  try {
    return repo.load_dirtree(name.checksum);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    return std::nullopt;
  }
}

std::vector<Candidate> candidates(const Repo& repo, const std::vector<CheckedCommit>& commits,
                                  const FsckOptions& options) {
  object::ObjectSet reachable;
  for (const CheckedCommit& entry : commits) {
    options.cancel.check();
    if (!entry.partial) add_reachable(repo, entry.commit, reachable);
  }
  std::vector<Candidate> list;
  list.reserve(reachable.size());
  for (const ObjectName& name : reachable) list.push_back({name, true});
  if (options.all_objects)
    repo.store().for_each([&](const ObjectName& name) {
      // Commits have been verified by now.
      if (name.type != ObjectType::Commit && !reachable.contains(name)) list.push_back({name});
    });
  // In the order of the directories: kinder to the disk, and the same in every run.
  std::ranges::sort(list, {}, &Candidate::name);
  return list;
}

FsckProblem problem_of(const ObjectName& name, const Error& error) {
  const bool missing = error.kind() == ErrorKind::NotFound;
  return {
      missing ? FsckProblem::Kind::Missing : FsckProblem::Kind::Corrupt, name, {}, error.what()};
}

}  // namespace

const LooseStore* find_store(const Repo& repo, const ObjectName& name) {
  for (const Repo* level = &repo; level != nullptr; level = level->parent())
    if (level->store().has(name)) return &level->store();
  return nullptr;
}

std::optional<FsckProblem> check_object(const Repo& repo, const ObjectName& name, bool needed) {
  const LooseStore* store = find_store(repo, name);
  if (store == nullptr && !needed) return std::nullopt;
  try {
    verify_object(store != nullptr ? *store : repo.store(), name);
  } catch (const Error& error) {
    return problem_of(name, error);
  }
  return store != nullptr ? check_owner(*store, name) : std::nullopt;
}

void add_reachable(const Repo& repo, const object::Commit& commit, object::ObjectSet& reachable) {
  walk_trees(
      commit, [&](const ObjectName& name) { return load_if_good(repo, name); }, reachable);
}

void check_objects(const Repo& repo, const std::vector<CheckedCommit>& commits,
                   const FsckOptions& options, FsckReport& report) {
  const std::vector<Candidate> list = candidates(repo, commits, options);
  std::mutex mutex;  // protects report.problems
  const auto check = [&](std::size_t index) {
    options.cancel.check();
    auto problem = check_object(repo, list[index].name, list[index].needed);
    if (!problem) return;
    if (problem->kind == FsckProblem::Kind::Missing)
      problem->message = fmt::format("Object missing: {}", problem->object.text());
    const std::lock_guard lock(mutex);
    report.problems.push_back(std::move(*problem));
  };
  const auto tick = [&](std::size_t done) {
    if (options.progress) options.progress(done, list.size());
  };
  for_each_index(list.size(), options.threads, check, tick);
  options.cancel.check();
  report.objects_checked += list.size();
}

}  // namespace xylem::repo
