#include "repo/refs/require_whole.hpp"
#include "repo/upkeep/traverse.hpp"
#include "tree/diff.hpp"

namespace xylem::tree {

using object::ObjectSet;

namespace {

ObjectSet objects_of(const repo::Repo& repo, const Checksum& commit) {
  repo::require_whole(repo, commit);
  ObjectSet objects;
  objects.insert({commit, object::ObjectType::Commit});
  repo::traverse_commit(repo, commit, objects);
  return objects;
}

std::uint64_t stored_size(const repo::Repo& repo, const object::ObjectName& name) {
  for (const repo::Repo* source = &repo; source != nullptr; source = source->parent())
    if (const auto size = source->store().stored_size(name)) return *size;
  return 0;
}

}  // namespace

SharedObjects shared_objects(const repo::Repo& repo, const Checksum& from, const Checksum& to) {
  const ObjectSet from_objects = objects_of(repo, from);
  const ObjectSet to_objects = objects_of(repo, to);
  SharedObjects result{from_objects.size(), to_objects.size(), 0, 0};
  for (const object::ObjectName& name : from_objects) {
    if (!to_objects.contains(name)) continue;
    ++result.common_objects;
    result.common_bytes += stored_size(repo, name);
  }
  return result;
}

}  // namespace xylem::tree
