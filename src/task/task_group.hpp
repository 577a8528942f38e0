#pragma once

/// \file
/// Room `task`: threads, coroutines that belong together, timers. Knows nothing of what the work
/// is.
///
/// Coroutines that belong together: they are all waited for, and the first failure is everybody's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <functional>

namespace xylem {

namespace asio = boost::asio;

/// Used from one executor (one thread, or a strand) only. Must outlive its tasks: join() before
/// destroying it.
class TaskGroup {
 public:
  explicit TaskGroup(asio::any_io_executor executor);

  /// `callback` is called once, at the first failure: it should make the other tasks end soon.
  void on_failure(std::function<void()> callback) { on_failure_ = std::move(callback); }

  void spawn(asio::awaitable<void> task);
  /// Records a failure that no task had, for example cancellation from outside.
  void fail(std::exception_ptr error);
  bool failed() const { return error_ != nullptr; }

  /// Waits until no task runs, then throws the first failure if there was one. Tasks may spawn
  /// further ones meanwhile.
  asio::awaitable<void> join();

 private:
  asio::any_io_executor executor_;
  std::function<void()> on_failure_;
  std::exception_ptr error_;
  std::size_t running_ = 0;
  asio::steady_timer idle_;  ///< Never expires; cancelled when the last task ends.
};

}  // namespace xylem
