#pragma once

/// \file
/// Looks once a second how fast servers are, and ends transfers that are too slow.

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "fetcher/policy/slowness.hpp"
#include "task/lazy_timer.hpp"

namespace xylem::fetcher {

/// One transfer under way. Its owner counts what it receives.
struct WatchedTransfer {
  std::string origin;       ///< Scheme, host and port of the server.
  std::uint32_t limit = 0;  ///< Bytes a second that the server has to bring; 0 is none.
  std::function<void(std::string)> end{};  ///< Ends it, for the given reason. Must not throw.
  SpeedWindow window;
  std::uint64_t received = 0;
};

/// One thread.
class SpeedWatch {
 public:
  /// `patience` is how long a server may be slow; 0 is for ever. `on_look` is called at each look.
  /// Must not throw.
  SpeedWatch(const boost::asio::any_io_executor& executor, std::chrono::seconds patience,
             std::function<void()> on_look);
  SpeedWatch(const SpeedWatch&) = delete;
  SpeedWatch& operator=(const SpeedWatch&) = delete;

  std::chrono::seconds patience() const { return patience_; }
  /// Borrowed until remove().
  void add(WatchedTransfer& transfer);
  void remove(WatchedTransfer& transfer);
  void received(WatchedTransfer& transfer, std::uint64_t bytes);
  /// We do not take what servers would bring: their speed says nothing now.
  void held_back() { held_back_ = true; }
  /// Nothing is under way: the executor is let go.
  void rest() { timer_.stop(); }

 private:
  struct Server {
    explicit Server(std::chrono::seconds length) : window(length) {}
    SpeedWindow window;
    std::uint64_t received = 0;
    std::unordered_set<WatchedTransfer*> transfers{};
  };

  void look();
  void look_at(Server& server, std::chrono::steady_clock::time_point now);
  void forget_speeds();

  std::chrono::seconds patience_;
  std::function<void()> on_look_;
  std::unordered_map<std::string, Server> servers_;
  bool held_back_ = false;
  LazyTimer timer_;
};

}  // namespace xylem::fetcher
