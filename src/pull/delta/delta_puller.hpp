#pragma once

/// \file
/// Brings the objects of a commit by a static delta, if one is worth it. What a delta does not
/// bring is fetched as if there were none: the walk of the tree comes after it.

#include <functional>
#include <memory>
#include <set>

#include "pull/delta/delta_cost.hpp"
#include "pull/delta/delta_mirror.hpp"
#include "pull/delta/part_runner.hpp"
#include "repo/config/remote.hpp"
#include "sign/requirement.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// A commit that a delta may lead to.
struct DeltaTarget {
  Checksum commit;
  std::optional<std::string> ref;
  std::optional<Checksum> predecessor;  ///< What the ref has now.
};

/// The superblock of a delta, parsed and checked.
struct LoadedDelta {
  DeltaOffer offer;
  std::shared_ptr<const delta::DeltaBytes> bytes;
  const delta::Superblock& superblock() const { return bytes->superblock(); }
};

/// Used from the pull's executor. Functions throw Error(Cancelled); other errors only if the delta
/// is required.
class DeltaPuller {
 public:
  struct Settings {
    repo::RequireDeltas require = repo::RequireDeltas::Never;
    bool dry_run = false;
    bool shares = true;            ///< With other pulls, of this and of other processes.
    bool only_signed = false;      ///< Deltas without a signature are not used.
    sign::Requirement signatures;  ///< Of those that are signed.
    /// The repository on this machine that is pulled from: what is there costs nothing.
    const repo::Repo* local = nullptr;
  };
  struct Callbacks {
    std::function<void(const Checksum& file)> want_file;  ///< The pull fails without it.
    /// Throws what ObjectSource::take_content() throws.
    std::function<asio::awaitable<void>(Checksum file)> fetch_file;
    /// Throws Error(NoSpace) if the content of a delta does not fit.
    std::function<void(std::uint64_t content)> require_room;
  };

  /// Borrows `files` and `index`.
  DeltaPuller(const PullContext& context, DeltaFiles& files, RefIndex& index, Settings settings,
              Callbacks callbacks);

  /// Once, before the rest; see DeltaOffers::prepare().
  asio::awaitable<void> prepare(bool loads_summary);
  /// What the source has. Several may be asked for at once.
  asio::awaitable<std::vector<DeltaOffer>> offers_to(DeltaTarget target);
  /// The superblocks of those that can be used here and are the likeliest to be cheap.
  asio::awaitable<std::vector<LoadedDelta>> load(DeltaTarget target,
                                                 std::vector<DeltaOffer> offers);
  /// Chooses one, or none, and applies it; in a dry run it only tells, and returns true if one
  /// would be used. The commit has been accepted, and is marked partial.
  /// `is_only_way`: the source does not have the commit itself, so that it may have no objects.
  asio::awaitable<bool> bring(DeltaTarget target, std::vector<LoadedDelta> deltas,
                              bool is_only_way);

  /// Stores a delta for the clients of a mirror; false, with a message, if that is not possible.
  asio::awaitable<bool> mirror(DeltaMirror& mirror, DeltaOffer offer);

 private:
  asio::awaitable<bool> bring_alone(DeltaTarget target, std::vector<LoadedDelta> deltas,
                                    bool is_only_way);
  bool is_required(const DeltaTarget& target) const;
  bool is_complete(const Checksum& commit) const;
  std::vector<DeltaOffer> likeliest(const DeltaTarget& target,
                                    std::vector<DeltaOffer> offers) const;
  asio::awaitable<std::optional<LoadedDelta>> try_load(DeltaTarget target, DeltaOffer offer);
  std::shared_ptr<const delta::DeltaBytes> parse(const delta::DeltaName& name, Bytes bytes) const;
  void check_signatures(const delta::DeltaName& name, ByteView bytes) const;
  bool is_pointless(const LoadedDelta& delta) const;
  std::optional<std::size_t> choose(const std::vector<LoadedDelta>& deltas,
                                    const std::vector<MissingObjects>& missing, bool forced) const;
  bool fits(const LoadedDelta& delta, const MissingObjects& missing, bool is_needed) const;
  asio::awaitable<void> apply(DeltaTarget target, LoadedDelta delta, MissingObjects missing);
  asio::awaitable<void> run_part(const DeltaTarget& target, const LoadedDelta& delta,
                                 std::size_t index);
  asio::awaitable<void> restore_source(Checksum from, Checksum file);
  void tell(PullMessage::Code code, std::string text, bool is_warning) const;

  PullContext context_;
  DeltaFiles& files_;
  DeltaOffers offers_;
  Settings settings_;
  Callbacks callbacks_;
  PartRunner parts_;
  std::set<Checksum> busy_;  ///< Commits that bring() is at work on.
};

}  // namespace xylem::pull
