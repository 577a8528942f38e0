#pragma once

/// \file
/// A deadline that is set anew all the time, as curl does for each transfer. Setting a real timer
/// is a system call that virtual machines pay dearly for; here it is made only when the deadline
/// comes nearer than what the timer waits for already.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace xylem {

/// One thread. While it waits it keeps its executor busy: see stop().
class LazyTimer {
 public:
  /// `due` is called when the deadline is there, once for each set(). Must not throw.
  LazyTimer(boost::asio::any_io_executor executor, std::function<void()> due)
      : executor_(std::move(executor)), timer_(executor_), due_(std::move(due)) {}

  /// Replaces the deadline.
  void set(std::chrono::milliseconds from_now);
  /// There is no deadline any more.
  void clear() { deadline_.reset(); }
  /// As clear(); the executor is let go, too.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  void post();
  void wait_until(Clock::time_point time);
  void on_expiry();

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer timer_;
  std::function<void()> due_;
  std::optional<Clock::time_point> deadline_;
  std::optional<Clock::time_point> waits_until_;  ///< What the timer is set to.
  bool posted_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  ///< Handlers of before see it gone.
};

}  // namespace xylem
