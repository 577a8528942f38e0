#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <vector>

#include "pull/downloads/holder_watch.hpp"
#include "repo/repo.hpp"
#include "repo/transaction/claims.hpp"

namespace xylem::pull {

/// How long pulls wait for those that have the slots at a commit.
struct SlotPatience {
  /// Then the first one is slow (its link, its mirror), and a second one may join it.
  std::chrono::seconds to_join{10};
  /// So long nothing may come at all; then they are not waited for.
  std::chrono::seconds with_stuck = holder_patience;
};

/// The slots that a pull may take which has waited so long. Pure.
int open_slots(std::chrono::steady_clock::duration waited, const SlotPatience& patience);

/// Keeps the number of pulls that work on one commit small: one keeps network and disk busy, a
/// second one helps only if the first is slow, and each further one would only look at the same
/// objects again. It waits, without any work, until the commit is complete, a slot is free, or
/// those who have the slots do not get on. A pull that works on any commit never waits for another
/// one: pulls cannot lock each other out. Used from the pull's executor.
class CommitSlots {
 public:
  /// Borrows both.
  CommitSlots(const repo::Repo& repo, const repo::Claims& claims, SlotPatience patience = {})
      : repo_(repo), claims_(claims), patience_(patience) {}

  /// `callback` is called when this pull goes to work after it has waited: others may have died.
  void on_succession(std::function<void()> callback) { on_succession_ = std::move(callback); }

  /// `callback` is called again and again while this pull waits, with the time at which it began.
  void on_wait(std::function<void(HolderWatch::Clock::time_point)> callback) {
    on_wait_ = std::move(callback);
  }

  /// Returns whether this pull shall work on the commit; false if `is_complete` has become true
  /// meanwhile. Slots are kept until this is destroyed. Throws Error(Cancelled).
  boost::asio::awaitable<bool> take(Checksum commit, std::function<bool()> is_complete);
  /// What waits fails soon.
  void stop() { stopped_ = true; }

 private:
  bool try_take(const Checksum& commit, int slots);

  const repo::Repo& repo_;
  const repo::Claims& claims_;
  SlotPatience patience_;
  std::vector<repo::Claim> slots_;
  std::function<void()> on_succession_;
  std::function<void(HolderWatch::Clock::time_point)> on_wait_;
  bool at_work_ = false;
  bool stopped_ = false;
};

}  // namespace xylem::pull
