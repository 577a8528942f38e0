#pragma once

/// \file
/// A static HTTP server that does wrong what it is told to do wrong, and remembers what it was
/// asked. Built from the pieces of src/server.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/os/fd.hpp"
#include "support/fault.hpp"

namespace xylem::test {

/// One request as it came.
struct SeenRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  unsigned status = 0;  ///< That it was answered with.

  /// Value of a header, by its name in any case; empty if it was not sent.
  std::string header(const std::string& name) const;
};

/// Serves on a thread of its own, on loopback, from construction to destruction. Every function may
/// be called on any thread.
class FaultServer {
 public:
  /// `root` is borrowed; port 0 finds a free one.
  explicit FaultServer(FileDescriptor root, std::uint16_t port = 0);
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;
  ~FaultServer();

  std::uint16_t port() const;
  /// "http://127.0.0.1:PORT", with "/`path`" behind it if that is not empty.
  std::string url(const std::string& path = "") const;

  /// From now on these faults, and no others, happen; a request meets the first one that matches.
  void set_faults(std::vector<Fault> faults);
  /// As above, one fault in the words of parse_fault().
  void set_fault(const std::string& words);

  /// All requests so far, in the order in which they came.
  std::vector<SeenRequest> requests() const;
  /// How many of them asked for this target.
  std::size_t count(const std::string& target) const;
  void forget_requests();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xylem::test
