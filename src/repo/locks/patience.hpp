#pragma once

/// \file
/// Waiting for a lock that cannot tell when it is free: pauses that grow, up to a deadline, ended
/// by cancellation.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "xylem/cancel.hpp"

namespace xylem::repo {

/// For one thread.
class Patience {
 public:
  static constexpr std::chrono::milliseconds usual_pause{250};

  /// nullopt waits for ever. No pause is longer than `longest`.
  Patience(const std::optional<std::chrono::milliseconds>& timeout, const CancelToken& cancel,
           std::chrono::milliseconds longest = usual_pause);

  /// Sleeps a little longer than the time before; false, at once, if the time is over. Throws
  /// Error(Cancelled).
  bool pause();

 private:
  using Clock = std::chrono::steady_clock;

  void wake();

  Clock::time_point deadline_;
  std::chrono::milliseconds pause_;
  std::chrono::milliseconds longest_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool cancelled_ = false;  ///< Under `mutex_`.
  CancelToken cancel_;
  CancelRegistration registration_;  // last: it goes first, and waits for a running callback
};

}  // namespace xylem::repo
