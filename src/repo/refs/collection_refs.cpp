#include "repo/disk/layout.hpp"
#include "repo/refs/change_refs.hpp"
#include "repo/refs/ref_file.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

/// A directory of refs, and the collection that they belong to.
struct CollectionDir {
  std::string collection_id;
  std::string path;
};

std::optional<std::string> collection_of_remote(const Repo& repo, const std::string& remote) {
  if (!repo.has_remote(remote)) return std::nullopt;
  auto id = repo.remote(remote).collection_id;
  if (id && !object::is_valid_collection_id(*id)) id.reset();
  return id;
}

std::vector<CollectionDir> mirror_dirs(const Repo& repo) {
  std::vector<CollectionDir> dirs;
  for (const std::string& id : list_ref_dirs(repo.dir(), layout::refs_mirrors))
    dirs.push_back({id, std::string(layout::refs_mirrors) + "/" + id});
  return dirs;
}

/// In the order in which they count: heads, mirrors, remotes.
std::vector<CollectionDir> collection_dirs(const Repo& repo) {
  std::vector<CollectionDir> dirs = mirror_dirs(repo);
  if (repo.config().collection_id)
    dirs.insert(dirs.begin(), {*repo.config().collection_id, layout::refs_heads});
  for (const std::string& remote : remotes_with_refs(repo))
    if (const auto id = collection_of_remote(repo, remote))
      dirs.push_back({*id, std::string(layout::refs_remotes) + "/" + remote});
  return dirs;
}

using CollectionRefs = std::map<CollectionRef, Checksum>;

/// Adds one, or tells `on_bad` of it if there is somebody to be told.
void add_ref(const Repo& repo, const CollectionDir& dir, const std::string& ref,
             const BadRefDirHandler& on_bad, CollectionRefs& refs) {
  try {
    const auto commit = read_ref_file(repo.dir(), dir.path + "/" + ref);
    if (commit) refs.try_emplace({dir.collection_id, ref}, *commit);
  } catch (const Error& error) {
    if (!on_bad) throw;
    on_bad(ref, error);
  }
}

void add_dir(const Repo& repo, const CollectionDir& dir, const BadCollectionRefHandler& on_bad,
             CollectionRefs& refs) {
  BadRefDirHandler note;
  if (on_bad)
    note = [&](const std::string& ref, const Error& error) {
      on_bad({dir.collection_id, ref}, as_bad_ref(error));
    };
  for_each_ref_file(
      repo.dir(), dir.path, {},
      [&](const std::string& ref, bool) { add_ref(repo, dir, ref, note, refs); }, note);
}

CollectionRefs list_dirs(const Repo& repo, const std::vector<CollectionDir>& dirs,
                         const BadCollectionRefHandler& on_bad) {
  std::map<CollectionRef, Error> bad;
  const BadCollectionRefHandler note = [&](const CollectionRef& ref, const Error& error) {
    bad.try_emplace(ref, error);
  };
  auto refs = list_settled(repo, [&] {
    bad.clear();
    CollectionRefs found;
    for (const CollectionDir& dir : dirs) add_dir(repo, dir, on_bad ? note : on_bad, found);
    return found;
  });
  for (const auto& [ref, error] : bad) on_bad(ref, error);
  return refs;
}

}  // namespace

std::optional<Checksum> find_ref(const Repo& repo, const CollectionRef& ref) {
  object::validate_collection_id(ref.collection_id);
  object::validate_ref(ref.ref);
  settle_refs_if_left(repo);
  for (const CollectionDir& dir : collection_dirs(repo)) {
    if (dir.collection_id != ref.collection_id) continue;
    if (const auto commit = read_ref_file(repo.dir(), dir.path + "/" + ref.ref)) return commit;
  }
  return repo.parent() == nullptr ? std::nullopt : find_ref(*repo.parent(), ref);
}

std::map<CollectionRef, Checksum> list_collection_refs(const Repo& repo,
                                                       const BadCollectionRefHandler& on_bad) {
  return list_dirs(repo, collection_dirs(repo), on_bad);
}

std::map<CollectionRef, Checksum> list_mirrored_refs(const Repo& repo,
                                                     const BadCollectionRefHandler& on_bad) {
  return list_dirs(repo, mirror_dirs(repo), on_bad);
}

}  // namespace xylem::repo
