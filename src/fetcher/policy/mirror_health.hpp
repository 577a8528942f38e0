#pragma once

/// \file
/// How well a server has served, and which of several mirrors to ask first. Pure.

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "fetcher/policy/host_load.hpp"
#include "fetcher/policy/retry_policy.hpp"

namespace xylem::fetcher {

using SteadyTime = std::chrono::steady_clock::time_point;

/// How long a mirror is asked last after its first failure; doubled with each further one.
constexpr std::chrono::seconds first_sideline{5};
constexpr std::chrono::seconds longest_sideline{300};
/// Smaller bodies say more about the round trip than about the throughput.
constexpr std::uint64_t least_measured_body = 64 * 1024;

/// One server.
struct MirrorHealth {
  unsigned failures = 0;         ///< Since it was last well.
  SteadyTime sidelined_until{};  ///< Until then others are asked first.
  double bytes_per_second = 0;   ///< Running mean; 0 is unknown.
  RetryBudget retries{};
  HostLoad load{};

  bool sidelined(SteadyTime now) const { return now < sidelined_until; }
  /// Failures while it is sidelined already are no news: many requests run at once.
  void failed(SteadyTime now);
  void succeeded(std::uint64_t bytes, std::chrono::steady_clock::duration time);
};

/// Pure. In which order to ask mirrors, as indexes: those that are well as they are given, then
/// those that are much slower than the fastest one, then those that failed a moment ago or have
/// too much to do.
std::vector<std::size_t> mirror_order(std::span<const MirrorHealth> mirrors, SteadyTime now);

}  // namespace xylem::fetcher
