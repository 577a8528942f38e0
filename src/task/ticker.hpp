#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

namespace xylem {

namespace asio = boost::asio;

/// Does something small every now and then, however slow the network is. Lives on the pull's
/// executor.
class Ticker {
 public:
  /// What `job` throws is logged: it is tried again.
  Ticker(asio::any_io_executor executor, std::chrono::steady_clock::duration interval,
         std::function<void()> job)
      : timer_(executor), interval_(interval), job_(std::move(job)) {}

  /// Runs until stop().
  asio::awaitable<void> run();
  void stop();

 private:
  void tick() const;

  asio::steady_timer timer_;
  std::chrono::steady_clock::duration interval_;
  std::function<void()> job_;
  bool stopped_ = false;
};

}  // namespace xylem
