#pragma once

/// \file
/// Notices that nothing at all comes any more, over all connections of a fetcher.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace xylem::fetcher {

/// One thread.
class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  /// `bark` is called after each `patience` without progress between start() and stop(). 0 seconds:
  /// never.
  Watchdog(const boost::asio::any_io_executor& executor, std::chrono::seconds patience,
           std::function<void()> bark)
      : timer_(executor), patience_(patience), bark_(std::move(bark)) {}

  /// Something is under way now. Does nothing if it was already.
  void start();
  /// Nothing is under way any more.
  void stop();
  void progress() { last_ = Clock::now(); }

 private:
  void wait();

  boost::asio::steady_timer timer_;
  std::chrono::seconds patience_;
  std::function<void()> bark_;
  Clock::time_point last_{};
  std::shared_ptr<void> run_;  ///< Held from start() to stop(): waits of before see it gone.
};

}  // namespace xylem::fetcher
