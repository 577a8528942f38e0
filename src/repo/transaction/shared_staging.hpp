#pragma once

/// \file
/// What a transaction has from others that run at the same time in the same repository: claims on
/// what is being fetched, their staging directories, and the files that it has borrowed there. A
/// borrowed file is not touched before the end, when it is usually published by its owner.

#include <mutex>
#include <vector>

#include "repo/transaction/claims.hpp"
#include "repo/transaction/staging_peers.hpp"

namespace xylem::repo {

/// Thread-safe but for construction; unsettled() and end_turn() are for one thread. Borrows the
/// repository.
class SharedStaging {
 public:
  SharedStaging(const Repo& repo, Pace pace) : repo_(repo), claims_(repo, pace), peers_(repo) {}

  const Claims& claims() const { return claims_; }
  StagingPeers& peers() { return peers_; }

  /// Notes a file that one of these peers has and vouches for; false if none does.
  bool try_borrow(const object::ObjectName& name, const StagingPeers::Peers& holders);
  std::vector<object::ObjectName> borrowed() const;
  /// It has to be fetched again.
  void give_back(const object::ObjectName& name);

  /// The borrowed files that nobody has published. If there are some, waits first for the turn to
  /// publish, so that of several transactions that end together one publishes for all; the turn is
  /// kept until end_turn(). A holder of the turn that takes too long is passed over. Throws
  /// Error(Cancelled).
  std::vector<object::ObjectName> unsettled(const CancelToken& cancel);
  void end_turn() { turn_.release(); }

 private:
  std::vector<object::ObjectName> unpublished() const;
  void await_turn(const object::ObjectName& needed, const CancelToken& cancel);

  const Repo& repo_;
  Claims claims_;
  StagingPeers peers_;
  Claim turn_;
  mutable std::mutex mutex_;  ///< Protects the next.
  std::vector<object::ObjectName> borrowed_;
};

}  // namespace xylem::repo
