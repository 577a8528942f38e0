#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "support/certificates.hpp"
#include "support/child.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

/// The real nginx on loopback, serving a directory over HTTP/1.1, and over TLS with HTTP/2 when it
/// is given certificates. The destructor stops it.
class Nginx {
 public:
  struct Tls {
    const Certificates* certificates = nullptr;  ///< Borrowed; none means no TLS.
    bool wants_client_certificate = false;
    bool http2 = true;
  };

  /// What a test adds to the configuration.
  struct Lines {
    std::string http;    ///< In the section of HTTP.
    std::string server;  ///< In that of each server.
  };

  explicit Nginx(const std::string& root) : Nginx(root, Tls{}) {}
  /// Throws std::runtime_error if nginx is not installed or does not start.
  Nginx(const std::string& root, const Tls& tls, const Lines& lines = {"", ""});
  ~Nginx();

  /// As if its machine lost power.
  void kill();

  std::string http_url(const std::string& path) const;
  std::string https_url(const std::string& path) const;
  std::uint16_t https_port() const { return https_port_; }

 private:
  void configure(const std::string& root, const Tls& tls, const Lines& lines) const;

  TempDir dir_;
  std::uint16_t http_port_ = 0;
  std::uint16_t https_port_ = 0;
  std::unique_ptr<Child> process_;
};

/// Whether the nginx program is there.
bool have_nginx();

}  // namespace xylem::test
