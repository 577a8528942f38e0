#pragma once

#include <chrono>
#include <cstdint>

namespace xylem::fetcher {

/// How long the next bytes have to wait so that no more come than a given rate. Pure but for what
/// it remembers; one thread.
class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// These bytes have come. A `rate` of 0 is no limit; it may differ from call to call.
  void took(std::uint64_t bytes, std::uint64_t rate, Time now);
  /// 0 if more may come at once.
  Duration wait(std::uint64_t rate, Time now) const;

 private:
  Time paid_until_{};  ///< When what has come so far is within the rate.
};

}  // namespace xylem::fetcher
