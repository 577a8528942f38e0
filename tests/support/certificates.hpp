#pragma once

#include <string>

#include "support/temp_dir.hpp"

namespace xylem::test {

/// A certificate authority of the test's own, made with the openssl command, in a directory of its
/// own. All files are PEM.
class Certificates {
 public:
  Certificates();

  /// Of the authority.
  std::string ca() const { return dir_ / "ca.pem"; }
  /// For 127.0.0.1 and localhost.
  std::string server_certificate() const { return dir_ / "server.pem"; }
  std::string server_key() const { return dir_ / "server.key"; }
  std::string client_certificate() const { return dir_ / "client.pem"; }
  std::string client_key() const { return dir_ / "client.key"; }

 private:
  void issue(const std::string& name, const std::string& extension) const;

  TempDir dir_;
};

}  // namespace xylem::test
