#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

namespace xylem::pull {

namespace asio = boost::asio;

/// Touches a pull's temporary directories now and then, however slow the network is: libostree
/// deletes what has not changed for a day, locked or not. Lives on the pull's executor.
class KeepAlive {
 public:
  static constexpr std::chrono::minutes usual_interval{10};

  /// What `touch` throws is logged: it is tried again.
  KeepAlive(asio::any_io_executor executor, std::function<void()> touch,
            std::chrono::steady_clock::duration interval = usual_interval)
      : timer_(executor), touch_(std::move(touch)), interval_(interval) {}

  /// Runs until stop().
  asio::awaitable<void> run();
  void stop();

 private:
  void touch() const;

  asio::steady_timer timer_;
  std::function<void()> touch_;
  std::chrono::steady_clock::duration interval_;
  bool stopped_ = false;
};

}  // namespace xylem::pull
