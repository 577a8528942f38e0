#include "repo/upkeep/traverse.hpp"

#include "repo/tree_walk.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

void traverse_commit(const Repo& repo, const Checksum& commit, object::ObjectSet& reachable,
                     const std::function<void(const ObjectName&)>& missing) {
  const auto is_missing = [&](const ObjectName& name) {
    if (!missing || repo.has(name)) return false;
    missing(name);
    return true;
  };
  if (is_missing({commit, ObjectType::Commit})) return;
  walk_trees(
      repo.load_commit(commit),
      [&](const ObjectName& name) -> std::optional<object::DirTree> {
        if (is_missing(name)) return std::nullopt;
        return repo.load_dirtree(name.checksum);
      },
      reachable);
}

}  // namespace xylem::repo
