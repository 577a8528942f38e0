#include "fetcher/policy/rate_limiter.hpp"

#include <algorithm>

namespace xylem::fetcher {

void RateLimiter::took(std::uint64_t bytes, std::uint64_t rate, Time now) {
  if (rate == 0) return;
  const std::chrono::duration<double> cost(static_cast<double>(bytes) / static_cast<double>(rate));
  paid_until_ = std::max(paid_until_, now) + std::chrono::duration_cast<Duration>(cost);
}

RateLimiter::Duration RateLimiter::wait(std::uint64_t rate, Time now) const {
  if (rate == 0) return Duration::zero();
  return std::max(paid_until_ - now, Duration::zero());
}

}  // namespace xylem::fetcher
