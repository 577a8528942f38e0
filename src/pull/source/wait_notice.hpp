#pragma once

#include <chrono>

#include "pull/report/messages.hpp"
#include "repo/repo.hpp"

namespace xylem::pull {

/// Tells the observer that this pull waits for another one of the repository: not at once, as most
/// waits are short, and then every few seconds. Lives on the pull's executor.
class WaitNotice {
 public:
  using Clock = std::chrono::steady_clock;

  /// Borrows both.
  WaitNotice(const Messages& messages, const repo::Repo& repo) : messages_(messages), repo_(repo) {}

  /// To be called again and again by who waits. Never throws: the wait matters more.
  void waiting_since(Clock::time_point begin) noexcept;

 private:
  const Messages& messages_;
  const repo::Repo& repo_;
  Clock::time_point next_{};
};

}  // namespace xylem::pull
