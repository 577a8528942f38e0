#pragma once

/// \file
/// Keeps all transfers of a fetcher together below a rate, by pausing those that bring more.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>

#include "fetcher/curl/curl_easy.hpp"
#include "fetcher/policy/rate_limiter.hpp"
#include "xylem/rate_limit.hpp"

namespace xylem::fetcher {

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
  /// Transfers wait because of the limit, not because of the network.
  bool holds_back() const { return !paused_.empty(); }

 private:
  void arm();
  void wake();

  RateLimit limit_;
  RateLimiter limiter_;
  boost::asio::steady_timer timer_;
  std::deque<CURL*> paused_;
};

}  // namespace xylem::fetcher
