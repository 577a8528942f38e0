#pragma once

/// \file
/// A TCP relay on loopback that makes the way to a server long, or breaks it.

#include <chrono>
#include <cstdint>
#include <memory>

namespace xylem::test {

/// Relays on a thread of its own, from construction to destruction. Every function may be called on
/// any thread.
class Relay {
 public:
  /// To a port of this machine. `round_trip` is added to each exchange, and once more to the start
  /// of a connection, as TCP's handshake would; port 0 finds a free one.
  explicit Relay(std::uint16_t target, std::chrono::milliseconds round_trip = {},
                 std::uint16_t port = 0);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();

  std::uint16_t port() const;
  /// Resets all connections; new ones are taken.
  void cut();
  /// Each connection is reset after so many bytes from the server; 0 is never.
  void cut_after(std::uint64_t bytes);
  /// As if the cable were pulled: connections stay, nothing passes, nobody is told.
  void freeze(bool frozen);
  /// New connections are reset at once.
  void refuse(bool refusing);
  /// Connections so far.
  std::size_t connections() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xylem::test
