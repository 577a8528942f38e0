#pragma once

/// \file
/// Repositories on a mounted volume, where `ostree create-usb` puts them.

#include "pull/jobs/find_remotes.hpp"

namespace xylem::pull {

/// Where a volume has repositories besides the well-known places.
constexpr char repos_dir[] = ".ostree/repos.d";

/// What the repositories below `.ostree/repos.d`, then `.ostree/repo`, `ostree/repo` and
/// `var/lib/flatpak/repo` of the volume have of the wanted refs; of each ref the first one that has
/// it counts. Left out are `repo` itself, what lies on another file system, and refs of collections
/// for which no remote has keys.
std::vector<RefOffers> offers_on_volume(const repo::Repo& repo, const std::string& volume,
                                        const std::vector<repo::CollectionRef>& wanted);

/// The remote of this collection that has keys; nullopt if there is none.
std::optional<std::string> keyring_remote_of(const repo::Repo& repo,
                                             const std::string& collection_id);

}  // namespace xylem::pull
