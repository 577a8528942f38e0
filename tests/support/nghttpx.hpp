#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/certificates.hpp"
#include "support/daemon.hpp"

namespace xylem::test {

/// The real nghttpx on loopback, which speaks TLS and HTTP/2 before a server of HTTP/1.1. The
/// destructor stops it.
class Nghttpx {
 public:
  /// `options` are its own, in their long form. Throws std::runtime_error if it does not start.
  explicit Nghttpx(std::uint16_t backend, std::vector<std::string> options = {})
      : daemon_(command(backend, std::move(options)), port_) {}

  std::string url() const;
  /// The CA that its certificate is from.
  std::string ca() const { return certificates_.ca(); }

 private:
  std::vector<std::string> command(std::uint16_t backend, std::vector<std::string> options) const;

  Certificates certificates_;
  std::uint16_t port_ = unused_port();
  Daemon daemon_;
};

}  // namespace xylem::test
