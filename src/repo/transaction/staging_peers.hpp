#pragma once

/// \file
/// The staging directories of others in the same repository, as places to take objects from:
///
/// - of running transactions, ours or libostree's: what xylem staged in a directory that began
/// empty
///   has been checked, and is linked as it is while its user holds the mark (StagingArea); anything
///   else is hashed here first;
/// - left over by transactions that ended early, of this or another boot: locked by us meanwhile,
///   and hashed. Whoever ends well takes all of them along, so that tmp/ does not grow: see
///   take_left_overs().

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "repo/ingest/ingest.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

/// Thread-safe but for construction and exclude(). Borrows the repository.
class StagingPeers {
  class Peer;

 public:
  using Peers = std::vector<std::shared_ptr<Peer>>;

  /// Takes the left-overs of other boots, before somebody cleans them up.
  explicit StagingPeers(const Repo& repo);
  StagingPeers(const StagingPeers&) = delete;
  StagingPeers& operator=(const StagingPeers&) = delete;
  ~StagingPeers();

  /// The caller's own staging directory, which is no peer.
  void exclude(std::string own_name);
  /// Whether others are, or were, at work here since this was made. Cheap.
  bool any();
  /// The peers that have this object now.
  Peers holders_of(const object::ObjectName& name);
  /// Whether one of these is alive and vouches for what it has.
  static bool vouch(const Peers& holders);
  /// Stages an object that one of these has; nullopt if none has it any more. A damaged one is as
  /// good as none.
  static std::optional<Stored> take(Ingest& ingest, const object::ObjectName& name,
                                    const Peers& holders);
  /// Stages the good objects of all transactions that ended early, but for commits: these stand for
  /// trees that nobody has fetched as a whole. What is taken is locked from then on. Never fails
  /// but with Error(Cancelled).
  void take_left_overs(Ingest& ingest);
  /// What was taken is published: deletes the directories that are locked.
  void remove_left_overs();

 private:
  /// Looks for directories if tmp/ has changed.
  std::shared_ptr<const Peers> current();
  void look(std::string_view prefix_to_skip);
  bool is_wanted(const std::string& name, std::string_view prefix_to_skip) const;
  std::shared_ptr<Peer> known(const std::string& name) const;

  const Repo& repo_;
  std::string own_name_;
  std::mutex mutex_;  ///< Protects what follows.
  std::shared_ptr<const Peers> peers_;
  struct timespec seen_change_ {};
  bool ever_any_ = false;
};

}  // namespace xylem::repo
