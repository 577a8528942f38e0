#pragma once

/// \file
/// Room `pull/report`: what a pull tells others: counters, progress, journal, trace. Knows nothing
/// of what is pulled, and from where.

#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "pull/report/counters.hpp"
#include "task/task_group.hpp"

namespace xylem::pull {

/// Tells the observer at regular intervals, and at the end. Lives on the pull's executor.
class ProgressReporter {
 public:
  using Clock = std::chrono::steady_clock;

  /// `observer` may be null. `bytes` says how many bytes have come from the network so far,
  /// `expected` how many there will be, if that is known.
  ProgressReporter(asio::any_io_executor executor, PullObserver* observer,
                   std::chrono::milliseconds interval, const Counters& counters,
                   std::function<std::uint64_t()> bytes,
                   std::function<std::optional<std::uint64_t>()> expected);

  /// Runs until stop().
  asio::awaitable<void> run();
  void stop();
  void report() const;
  void message(const std::string& text) const;
  Clock::duration elapsed() const { return Clock::now() - start_; }

 private:
  PullProgress snapshot() const;

  PullObserver* observer_;
  std::chrono::milliseconds interval_;
  const Counters& counters_;
  std::function<std::uint64_t()> bytes_;
  std::function<std::optional<std::uint64_t>()> expected_;
  asio::steady_timer timer_;
  Clock::time_point start_ = Clock::now();
  bool stopped_ = false;
};

}  // namespace xylem::pull
