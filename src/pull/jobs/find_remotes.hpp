#pragma once

/// \file
/// Where refs of collections can be had, and where they are newest: at configured remotes, and in
/// repositories on mounted volumes.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "xylem/cancel.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

enum class Finder { Config, Mount };

/// A place with refs of collections.
struct RefPlace {
  Finder finder = Finder::Config;
  std::string remote;               ///< Whose namespace and keys the refs belong to.
  std::string url;                  ///< As configured, or file:// of the repository on a volume.
  int priority = 0;                 ///< Lower is better.
  std::uint64_t last_modified = 0;  ///< Of its summary, seconds since the epoch; 0 is unknown.
};

/// What a place has for a ref. A timestamp of 0 is unknown.
struct RefOffer {
  Checksum commit;
  std::uint64_t timestamp = 0;
};

struct RefOffers {
  RefPlace place;
  std::map<repo::CollectionRef, RefOffer> refs;
};

/// A place, and those of the wanted refs of which it has the newest commit.
struct FoundRemote {
  RefPlace place;
  std::map<repo::CollectionRef, Checksum> refs;
};

/// Of each ref the newest commit counts, and places that have none of these are left out. Better
/// priorities come first, then more refs, then names. Pure.
std::vector<FoundRemote> newest_places(std::vector<RefOffers> offers);

/// Looks at all remotes that have a collection id (their summaries are fetched, and verified as
/// their configuration says) and on all volumes. What cannot be read is left out, and logged. Of
/// the options only those of the network count. Throws Error(Cancelled).
std::vector<FoundRemote> find_remotes(const repo::Repo& repo,
                                      const std::vector<repo::CollectionRef>& wanted,
                                      const std::vector<Finder>& finders,
                                      const PullOptions& options, const CancelToken& cancel);

/// How to pull the refs of one place. What comes from a volume must have signed commits.
PullOptions options_for(const repo::Repo& repo, const FoundRemote& found, PullOptions options);

}  // namespace xylem::pull
