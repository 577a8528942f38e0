#pragma once

/// \file
/// Keeps all transfers of a fetcher together below a rate, by pausing those that bring more.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>

#include "fetcher/curl/curl_easy.hpp"
#include "xylem/rate_limit.hpp"

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

/// One thread, but for the limit, which may be changed on any. Held by shared_ptr, because a wait
/// that was begun outlives it.
class Throttle : public std::enable_shared_from_this<Throttle> {
 public:
  Throttle(const boost::asio::any_io_executor& executor, RateLimit limit)
      : limit_(std::move(limit)), timer_(executor) {}

  /// Whether a transfer may take bytes now. If not, it has to pause, and is woken in its turn.
  bool may_take(CURL* easy);
  void took(std::uint64_t bytes);
  /// The transfer has ended.
  void forget(CURL* easy);

 private:
  void arm();
  void wake();

  RateLimit limit_;
  RateLimiter limiter_;
  boost::asio::steady_timer timer_;
  std::deque<CURL*> paused_;
};

}  // namespace xylem::fetcher
