#pragma once

/// \file
/// When to try again.

#include <chrono>
#include <cstdint>
#include <optional>

#include "fetcher/classify.hpp"

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

/// Pure. Whether a failure is worth another try at all.
bool may_pass(Recovery recovery, bool retry_all_errors);

}  // namespace xylem::fetcher
