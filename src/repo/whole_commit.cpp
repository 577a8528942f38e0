#include "repo/whole_commit.hpp"

#include <algorithm>
#include <string>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/partial.hpp"
#include "repo/repo.hpp"
#include "repo/tree_walk.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// Its value is the number of the inode of objects/.
constexpr char record_name[] = "user.xylem.whole";

ObjectName name_of(const Checksum& commit) {
  return {commit, ObjectType::Commit};
}

/// The repository, or the one below it, that has the commit; null if none has.
const Repo* holder_of(const Repo& repo, const Checksum& commit) {
  for (const Repo* at = &repo; at != nullptr; at = at->parent())
    if (at->store().has(name_of(commit))) return at;
  return nullptr;
}

std::string identity_of(const Repo& repo) {
  return std::to_string(os::stat(repo.store().dir()).st_ino);
}

bool has_record(const Repo& holder, const Checksum& commit) {
  const auto value = os::try_get_xattr(holder.store().path(name_of(commit)), record_name);
  return value && as_text(*value) == identity_of(holder);
}

bool walk(const Repo& repo, const Checksum& commit) try {
  return has_all_below(repo, repo.load_commit(commit));
} catch (const Error& error) {
  if (error.kind() != ErrorKind::NotFound && error.kind() != ErrorKind::Corrupt) throw;
  log_debug("Commit {}: {}", commit.hex(), error.what());
  return false;
}

}  // namespace

bool has_all_below(const Repo& repo, const object::Commit& commit) {
  object::ObjectSet reachable;
  bool whole = true;
  const TreeLoader load = [&](const ObjectName& name) -> std::optional<object::DirTree> {
    whole = whole && repo.has(name);
    return whole ? std::optional(repo.load_dirtree(name.checksum)) : std::nullopt;
  };
  walk_trees(commit, load, reachable);
  return whole &&
         std::ranges::all_of(reachable, [&](const ObjectName& name) { return repo.has(name); });
}

bool is_whole(const Repo& repo, const Checksum& commit) {
  const Repo* holder = holder_of(repo, commit);
  if (holder == nullptr || commit_state(repo, commit) != CommitState::Complete) return false;
  if (has_record(*holder, commit)) return true;
  if (!walk(*holder, commit)) {
    log_warning("Commit {} has no mark of being partial, but lacks objects", commit.hex());
    return false;
  }
  record_whole(*holder, commit);
  return true;
}

void record_whole(const Repo& repo, const Checksum& commit) noexcept try {
  if (!repo.writable() || !repo.store().has(name_of(commit))) return;
  const UniqueFd file = os::open(repo.store().path(name_of(commit)), O_RDONLY | O_NOFOLLOW);
  os::try_set_xattr(file, record_name, as_bytes(identity_of(repo)));
} catch (const std::exception& error) {
  log_debug("Commit {} gets no record: {}", commit.hex(), error.what());
}

}  // namespace xylem::repo
