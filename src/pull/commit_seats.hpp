#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <vector>

#include "repo/claims.hpp"
#include "repo/repo.hpp"

namespace xylem::pull {

/// Keeps the number of pulls that work on one commit small: one keeps network and disk busy, a
/// second one helps if the first is slow, and each further one would only look at the same objects
/// again. It waits, without any work, until the commit is complete, a seat is free, or those who
/// have the seats do not get on. A pull that works on any commit never waits for another one: pulls
/// cannot lock each other out. Used from the pull's executor.
class CommitSeats {
 public:
  /// Borrows both.
  CommitSeats(const repo::Repo& repo, const repo::Claims& claims,
              std::chrono::seconds patience = std::chrono::seconds(30))
      : repo_(repo), claims_(claims), patience_(patience) {}

  /// `callback` is called when this pull goes to work after it has waited: others may have died.
  void on_succession(std::function<void()> callback) { on_succession_ = std::move(callback); }

  /// Returns whether this pull shall work on the commit; false if `is_complete` has become true
  /// meanwhile. Seats are kept until this is destroyed. Throws Error(Cancelled).
  boost::asio::awaitable<bool> take(Checksum commit, std::function<bool()> is_complete);
  /// What waits fails soon.
  void stop() { stopped_ = true; }

 private:
  bool try_sit(const Checksum& commit);

  const repo::Repo& repo_;
  const repo::Claims& claims_;
  std::chrono::seconds patience_;
  std::vector<repo::Claim> seats_;
  std::function<void()> on_succession_;
  bool at_work_ = false;
  bool stopped_ = false;
};

}  // namespace xylem::pull
