#pragma once

/// \file
/// What coroutines of the fetcher wait with, so that cancel() ends every wait.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <unordered_set>

namespace xylem {

/// Something that one coroutine waits for. One thread.
class Event {
 public:
  explicit Event(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  /// Wakes the coroutine; a wait that begins later returns at once.
  void set();

 private:
  friend class Waits;
  bool set_ = false;
  boost::asio::steady_timer timer_;
};

/// All waits of one fetcher. One thread.
class Waits {
 public:
  /// Until `event` is set. Throws Error(Cancelled) after cancel(), or if the coroutine is
  /// cancelled.
  boost::asio::awaitable<void> wait(Event& event);
  boost::asio::awaitable<void> sleep(std::chrono::milliseconds duration);

  /// Ends all waits; later ones fail at once.
  void cancel();
  /// Throws Error(Cancelled) after cancel().
  void check() const;

 private:
  boost::asio::awaitable<void> wait_until(Event& event,
                                          std::chrono::steady_clock::time_point deadline);

  std::unordered_set<Event*> waiting_;
  bool cancelled_ = false;
};

}  // namespace xylem
