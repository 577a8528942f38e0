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
  /// An attempt that began then failed because the server had too many requests, or could not be
  /// reached, as HostLoad::turned_away().
  bool turned_away(const std::string& origin, SteadyTime began, bool narrowest);
  void succeeded(const std::string& origin, std::uint64_t bytes,
                 std::chrono::steady_clock::duration time);

  /// Takes a retry from the budgets of the server and of all servers; false if none is left.
  bool spend_retry(const std::string& origin);
  /// How long to wait before retry number `retry` of a fetch: retry_delay() with random jitter.
  std::chrono::milliseconds delay(unsigned retry, std::optional<std::uint32_t> retry_after);
  /// How long requests to the server still have to wait; zero or less if one may go now.
  std::chrono::milliseconds quiet_time(const std::string& origin) const;
  /// As the functions of HostLoad.
  std::chrono::milliseconds take_turn(const std::string& origin);
  unsigned refusals(const std::string& origin) const { return health(origin).load.refusals(); }

  /// Of a server that has not been asked yet: as new.
  MirrorHealth health(const std::string& origin) const;

 private:
  unsigned retries_;
  std::minstd_rand dice_;
  RetryBudget budget_;
  std::unordered_map<std::string, MirrorHealth> servers_;
};

}  // namespace xylem::fetcher
