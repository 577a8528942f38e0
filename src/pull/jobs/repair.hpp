#pragma once

/// \file
/// Room `pull/jobs`: jobs made of pulls: repair, finding remotes, volumes, a remote's summary.
/// Knows nothing of how a pull works inside.
///
/// Fetches what a check found bad and removed: a repair is a pull of the commits that fsck has
/// marked partial. Their good objects are there, so only the others are asked for.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/codec/checksum.hpp"
#include "base/error_list.hpp"
#include "repo/repo.hpp"
#include "repo/upkeep/fsck.hpp"
#include "repo/upkeep/quarantine.hpp"
#include "xylem/cancel.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// What came of one commit.
struct CommitRepair {
  Checksum commit;
  std::optional<std::string> remote;  ///< That it was repaired from; none if it could not be.
  std::uint64_t objects = 0;          ///< Fetched for it, of any type.
  std::uint64_t bytes = 0;
  ErrorList failures;  ///< Why each of the other remotes was of no help.
};

/// Remotes to ask for a commit, the likeliest first: those with a ref in whose history it is, then
/// all others.
std::vector<std::string> remotes_for(const repo::Repo& repo, const Checksum& commit);

/// What a check found, what was done about it, and what is left.
struct RepairReport {
  repo::FsckReport found;
  std::vector<repo::Quarantined> quarantined;  ///< Files that were moved out of the way.
  std::vector<CommitRepair> repairs;
  std::vector<repo::FsckProblem> remaining;  ///< Problems that are still there.
  std::vector<Checksum> broken;              ///< Commits that fsck has marked, and that still are.

  bool good() const { return remaining.empty() && broken.empty(); }
};

/// Checks as fsck() with `delete_bad`, moves refs that cannot be read to quarantine/, then pulls
/// all commits that it, or an earlier one, has marked, one after the other, each from the first
/// remote that can. One that cannot be repaired stays marked, and keeps no other from being
/// repaired. Throws Error(Cancelled), and what fsck() throws.
RepairReport repair(repo::Repo& repo, repo::FsckOptions options, PullObserver* observer = nullptr);

}  // namespace xylem::pull
