#pragma once

/// \file
/// Room `pull/report`: what a pull tells others: counters, progress, journal, trace. Knows nothing
/// of what is pulled, and from where.

#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "pull/report/bytes_left.hpp"
#include "pull/report/counters.hpp"
#include "task/task_group.hpp"

namespace xylem::pull {

/// Tells the observer at regular intervals, and at the end. Lives on the pull's executor.
class ProgressReporter {
 public:
  using Clock = std::chrono::steady_clock;

  /// What is not in the counters.
  struct Traffic {
    std::uint64_t bytes_received = 0;
    std::optional<std::uint64_t> bytes_expected;  ///< If the commits tell.
    // Of bodies on their way:
    std::uint64_t open_bodies = 0;
    std::uint64_t bytes_arrived = 0;
    std::uint64_t bytes_awaited = 0;
    // On disk:
    std::uint64_t bytes_staged = 0;
    std::uint64_t bytes_downloads = 0;
  };

  /// `observer` may be null.
  ProgressReporter(asio::any_io_executor executor, PullObserver* observer,
                   std::chrono::milliseconds interval, const Counters& counters,
                   std::function<Traffic()> traffic);

  /// Runs until stop().
  asio::awaitable<void> run();
  void stop();
  void report() const;
  Clock::duration elapsed() const { return Clock::now() - start_; }

 private:
  PullProgress snapshot() const;
  std::optional<BytesLeft> left(const Traffic& traffic) const;

  PullObserver* observer_;
  std::chrono::milliseconds interval_;
  const Counters& counters_;
  std::function<Traffic()> traffic_;
  asio::steady_timer timer_;
  Clock::time_point start_ = Clock::now();
  bool stopped_ = false;
};

}  // namespace xylem::pull
