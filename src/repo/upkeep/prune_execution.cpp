#include "repo/upkeep/prune_execution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/partial.hpp"
#include "repo/upkeep/tombstones.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// Whether all that is in a directory of objects are some of `names`, which are sorted.
bool holds_only(const PathAt& dir, std::span<const ObjectName> names, Mode mode) try {
  bool holds_other = false;
  visit_names(os::open_dir(dir), [&](std::string_view entry) {
    const auto name = layout::parse_loose_object(dir.name, entry, mode);
    holds_other = !name || !std::ranges::binary_search(names, *name);
    return !holds_other;
  });
  return !holds_other;
} catch (const Error& error) {
  log_debug("Removing its entries one by one: {}", error.what());
  return false;
}

}  // namespace

PruneExecution::PruneExecution(Repo& repo, const PrunePlan& plan, const CancelToken& cancel)
    : repo_(repo), plan_(plan), cancel_(cancel), trash_(repo) {}

void PruneExecution::run() {
  if (repo_.config().tombstone_commits) write_tombstones();
  remove_commits();
  remove_what_belongs_to_commits();
  remove_objects();
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

/// A directory of which nothing stays goes at once.
void PruneExecution::remove_objects() {
  for (std::span<const ObjectName> rest = plan_.objects; !rest.empty();) {
    const auto others = std::ranges::find_if(rest, [&](const ObjectName& name) {
      return layout::prefix_of(name) != layout::prefix_of(rest.front());
    });
    const auto count = static_cast<std::size_t>(others - rest.begin());
    if (!remove_directory(rest.first(count)))
      for (const ObjectName& name : rest.first(count)) remove(name);
    rest = rest.subspan(count);
  }
}

/// Of objects with the same prefix; false if something else lies there too. Only the lock keeps
/// others from adding to it meanwhile.
bool PruneExecution::remove_directory(std::span<const ObjectName> names) {
  cancel_.check();
  const PathAt path{repo_.store().dir(), layout::object_dir(names.front().checksum)};
  return repo_.config().locking && holds_only(path, names, repo_.mode()) && trash_.try_take(path);
}

void PruneExecution::remove_deltas() {
  for (const delta::DeltaName& name : plan_.deltas) {
    // The index first, as it names deltas: none will lead to this commit any more.
    take({repo_.dir(), delta::delta_index_file(name.to)});
    if (take({repo_.dir(), name.dir()})) ++deltas_removed_;
  }
}

void PruneExecution::remove_summaries() {
  for (const std::string& file : plan_.summaries)
    take({repo_.dir(), fmt::format("{}/{}", layout::summary_cache, file)});
}

}  // namespace xylem::repo
