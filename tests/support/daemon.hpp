#pragma once

/// \file
/// Servers that are started for a test and listen on a port that they are told.

#include <cstdint>
#include <string>
#include <vector>

#include "support/child.hpp"

namespace xylem::test {

/// A port of loopback that nobody uses: another one at each call, from a range that the kernel does
/// not take ports of connections from.
std::uint16_t unused_port();

/// A program that serves at 127.0.0.1:`port` from the end of the constructor on. The destructor
/// ends it.
class Daemon {
 public:
  /// Throws std::runtime_error if it ends, or does not listen within a minute.
  Daemon(const std::vector<std::string>& command, std::uint16_t port);
  ~Daemon();

  Child& process() { return process_; }

 private:
  Child process_;
};

}  // namespace xylem::test
