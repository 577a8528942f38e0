#pragma once

/// \file
/// Notices that nothing at all comes any more, over all connections of a fetcher.

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>

#include "task/lazy_timer.hpp"

namespace xylem::fetcher {

/// One thread.
class Watchdog {
 public:
  /// `bark` is called after each `patience` without progress between start() and stop(). 0 seconds:
  /// never. Must not throw.
  Watchdog(const boost::asio::any_io_executor& executor, std::chrono::seconds patience,
           std::function<void()> bark)
      : patience_(patience), bark_(std::move(bark)), timer_(executor, [this] { due(); }) {}

  /// Something is under way now. Its patience begins anew.
  void start();
  /// Nothing is under way any more.
  void stop();
  void progress() {
    if (running_) timer_.set(patience_);
  }

 private:
  void due();

  std::chrono::seconds patience_;
  std::function<void()> bark_;
  LazyTimer timer_;
  bool running_ = false;
};

}  // namespace xylem::fetcher
