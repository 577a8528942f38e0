#pragma once

/// \file
/// All servers of a fetcher: how well each has served, and how many retries are left.

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>

#include "fetcher/policy/mirror_health.hpp"
#include "fetcher/policy/retry_policy.hpp"

namespace xylem::fetcher {

/// Servers by their origin (scheme, host and port). One thread.
class Mirrors {
 public:
  /// `retries` as FetcherOptions::retries.
  explicit Mirrors(unsigned retries) : retries_(retries), dice_(std::random_device{}()) {}

  /// An attempt failed, or the server lacks what another one has. `retry_after` is what it asked
  /// for, in seconds.
  void failed(const std::string& origin, std::optional<std::uint32_t> retry_after = {});
  void succeeded(const std::string& origin, std::uint64_t bytes,
                 std::chrono::steady_clock::duration time);

  /// Takes a retry from the budgets of the server and of all servers; false if none is left.
  bool spend_retry(const std::string& origin);
  /// How long to wait before retry number `retry` of a fetch: retry_delay() with random jitter.
  std::chrono::milliseconds delay(unsigned retry, std::optional<std::uint32_t> retry_after);
  /// How long the server still wants no requests because of a Retry-After; may be negative.
  std::chrono::milliseconds quiet_time(const std::string& origin) const;

  /// Of a server that has not been asked yet: as new.
  MirrorHealth health(const std::string& origin) const;

 private:
  unsigned retries_;
  std::minstd_rand dice_;
  RetryBudget budget_;
  std::unordered_map<std::string, MirrorHealth> servers_;
};

}  // namespace xylem::fetcher
