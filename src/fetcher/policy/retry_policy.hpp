#pragma once

/// \file
/// Room `fetcher/policy`: the decisions: what a failure means, whether and when to try again, which
/// mirror, how many requests at once. Knows nothing of files, URLs.
///
/// When to try again.

#include <chrono>
#include <cstdint>
#include <optional>

#include "fetcher/policy/classify.hpp"

namespace xylem::fetcher {

/// The longest wait that a server's Retry-After is obeyed for.
constexpr std::chrono::seconds longest_retry_after{60};
/// The longest wait of our own choice.
constexpr std::chrono::milliseconds longest_backoff{10'000};

/// Pure. How long to wait before retry number `retry` (from 1): exponential, with full jitter from
/// `dice` in [0, 1); the first one is fast. A server's Retry-After, in seconds, is obeyed up to
/// longest_retry_after.
std::chrono::milliseconds retry_delay(unsigned retry, std::optional<std::uint32_t> retry_after,
                                      double dice);

/// Failures that were tried again, beyond those that successes made up for. It bounds what all
/// requests together may do to a server that mostly fails.
class RetryBudget {
 public:
  /// False if `limit` is used up.
  bool spend(std::uint64_t limit) {
    if (spent_ >= limit) return false;
    ++spent_;
    return true;
  }
  void earn() {
    if (spent_ > 0) --spent_;
  }

 private:
  std::uint64_t spent_ = 0;
};

/// Pure. The limits of the budgets, so wide that requests in flight can use up their own `retries`
/// while a server is away.
std::uint64_t host_retry_limit(unsigned retries);
std::uint64_t total_retry_limit(unsigned retries);

/// Pure. Whether a failure is worth another try at all.
bool may_pass(Recovery recovery, bool retry_all_errors);

}  // namespace xylem::fetcher
