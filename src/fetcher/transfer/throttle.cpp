#include "fetcher/transfer/throttle.hpp"

#include <algorithm>

namespace xylem::fetcher {

using Clock = std::chrono::steady_clock;

namespace {

/// A limit that is raised takes effect this soon.
constexpr std::chrono::milliseconds longest_nap{200};

}  // namespace

void RateLimiter::took(std::uint64_t bytes, std::uint64_t rate, Time now) {
  if (rate == 0) return;
  const std::chrono::duration<double> cost(static_cast<double>(bytes) / static_cast<double>(rate));
  paid_until_ = std::max(paid_until_, now) + std::chrono::duration_cast<Duration>(cost);
}

RateLimiter::Duration RateLimiter::wait(std::uint64_t rate, Time now) const {
  if (rate == 0) return Duration::zero();
  return std::max(paid_until_ - now, Duration::zero());
}

bool Throttle::may_take(CURL* easy) {
  if (limiter_.wait(limit_.bytes_per_second(), Clock::now()) == Clock::duration::zero())
    return true;
  paused_.push_back(easy);
  if (paused_.size() == 1) arm();
  return false;
}

void Throttle::took(std::uint64_t bytes) {
  limiter_.took(bytes, limit_.bytes_per_second(), Clock::now());
}

void Throttle::forget(CURL* easy) {
  std::erase(paused_, easy);
  if (paused_.empty()) timer_.cancel();
}

void Throttle::arm() {
  const auto wait = limiter_.wait(limit_.bytes_per_second(), Clock::now());
  timer_.expires_after(std::min<Clock::duration>(wait, longest_nap));
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    if (error) return;
    if (const auto self = weak.lock()) self->wake();
  });
}

/// One after the other, for as long as there is room: so nobody starves.
void Throttle::wake() {
  while (!paused_.empty() &&
         limiter_.wait(limit_.bytes_per_second(), Clock::now()) == Clock::duration::zero()) {
    CURL* easy = paused_.front();
    paused_.pop_front();
    curl_easy_pause(easy, CURLPAUSE_CONT);  // may pause at once again, behind the others
  }
  if (!paused_.empty()) arm();
}

}  // namespace xylem::fetcher
