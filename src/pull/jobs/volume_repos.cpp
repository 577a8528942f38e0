#include "pull/jobs/volume_repos.hpp"

#include <algorithm>
#include <set>

#include "base/glib.hpp"
#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/keyrings.hpp"
#include "repo/open_source.hpp"
#include "repo/refs/summary_file.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using repo::CollectionRef;

namespace {

constexpr int mount_priority = 50;

/// A directory of the volume; invalid if it is not there, or leads out of it.
UniqueFd try_open_on(FileDescriptor volume, const std::string& path) try {
  return os::open_beneath({volume, path}, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
} catch (const Error& error) {
  log_debug("Not on the volume: {}", error.what());
  return {};
}

/// In the order in which they are looked at, below the volume.
std::vector<std::string> candidates(FileDescriptor volume) {
  std::vector<std::string> paths;
  if (const UniqueFd dir = try_open_on(volume, repos_dir); dir.valid())
    for (const DirEntry& entry : list_directory(dir))
      paths.push_back(std::string(repos_dir) + "/" + entry.name);
  std::ranges::sort(paths);
  for (const char* well_known : {".ostree/repo", "ostree/repo", "var/lib/flatpak/repo"})
    paths.emplace_back(well_known);
  return paths;
}

/// nullopt for what is no repository, or not one of the volume's.
std::optional<repo::Repo> open_on_volume(const repo::Repo& own, FileDescriptor volume,
                                         const std::string& path) {
  const UniqueFd beneath = try_open_on(volume, path);
  if (!beneath.valid()) return std::nullopt;
  repo::Repo repo = repo::open_source(os::path_of(PathAt{volume, path}));
  const struct stat info = os::stat(repo.dir());
  if (!os::same_file(info, os::stat(beneath))) return std::nullopt;
  const bool elsewhere = info.st_dev != os::stat(volume).st_dev;
  if (elsewhere || os::same_file(info, os::stat(own.dir()))) return std::nullopt;
  return repo;
}

/// Of its own collection or of one that it mirrors, not of its remotes.
std::optional<Checksum> exported_ref(const repo::Repo& repo, const CollectionRef& ref) {
  if (repo.config().collection_id == ref.collection_id)
    if (const auto commit = repo::find_ref(repo, object::RefSpec{std::nullopt, ref.ref}))
      return commit;
  const auto mirrored = repo::list_mirrored_refs(repo, [](const auto&, const auto&) {});
  const auto found = mirrored.find(ref);
  return found == mirrored.end() ? std::nullopt : std::optional(found->second);
}

std::string file_url(const std::string& path) {
  const GStringPtr url(g_filename_to_uri(path.c_str(), nullptr, nullptr));
  return url ? url.get() : "file://" + path;
}

std::uint64_t last_modified(const repo::Repo& repo) {
  const auto summary = repo::load_summary(repo);
  return summary ? summary->last_modified().value_or(0) : 0;
}

/// A ref on a volume that can be read, and the remote whose keys it needs; nullopt if there is
/// none.
struct KeyedRef {
  std::string remote;
  RefOffer offer;
};
std::optional<KeyedRef> keyed_ref(const repo::Repo& own, const repo::Repo& repo,
                                  const CollectionRef& ref) {
  const auto commit = exported_ref(repo, ref);
  const auto remote = commit ? keyring_remote_of(own, ref.collection_id) : std::nullopt;
  if (!remote) return std::nullopt;
  return KeyedRef{*remote, {*commit, repo.load_commit(*commit).timestamp}};
}

RefPlace place_of(const repo::Repo& repo, const std::string& remote) {
  return {Finder::Mount, remote, file_url(os::path_of(repo.dir())), mount_priority,
          last_modified(repo)};
}

/// Takes from `wanted` what the repository has; a place for each remote whose keys it needs.
std::vector<RefOffers> take_offers(const repo::Repo& own, const repo::Repo& repo,
                                   std::set<CollectionRef>& wanted) {
  std::map<std::string, RefOffers> by_remote;
  for (auto ref = wanted.begin(); ref != wanted.end();) {
    const auto found = keyed_ref(own, repo, *ref);
    if (!found) {
      ++ref;
      continue;
    }
    const auto [offers, is_new] = by_remote.try_emplace(found->remote);
    if (is_new) offers->second.place = place_of(repo, found->remote);
    offers->second.refs[*ref] = found->offer;
    ref = wanted.erase(ref);
  }
  std::vector<RefOffers> found;
  found.reserve(by_remote.size());
  for (auto& [remote, offers] : by_remote) found.push_back(std::move(offers));
  return found;
}

}  // namespace

std::optional<std::string> keyring_remote_of(const repo::Repo& repo,
                                             const std::string& collection_id) {
  for (const std::string& name : repo.remote_names()) {
    const repo::Remote remote = repo.remote(name);
    if (remote.collection_id != collection_id) continue;
    const bool has_keys = !remote.gpg_key_path.empty() || !remote.verification_keys.empty() ||
                          repo::find_remote_keyring(repo, name).has_value();
    if (has_keys) return name;
  }
  return std::nullopt;
}

std::vector<RefOffers> offers_on_volume(const repo::Repo& repo, const std::string& volume,
                                        const std::vector<CollectionRef>& wanted) {
  std::vector<RefOffers> found;
  const UniqueFd root = os::try_open_dir({FileDescriptor::cwd(), volume});
  if (!root.valid()) return found;
  std::set<CollectionRef> left(wanted.begin(), wanted.end());
  for (const std::string& path : candidates(root)) {
    try {
      const auto there = open_on_volume(repo, root, path);
      if (!there) continue;
      for (RefOffers& offers : take_offers(repo, *there, left)) found.push_back(std::move(offers));
    } catch (const Error& error) {
      log_info("Skipping {} on {}: {}", path, volume, error.what());
    }
  }
  return found;
}

}  // namespace xylem::pull
