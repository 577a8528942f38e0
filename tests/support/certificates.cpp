#include "support/certificates.hpp"

#include <vector>

#include "support/process.hpp"

namespace xylem::test {

namespace {

/// An elliptic curve: made in no time.
std::vector<std::string> new_key(const std::string& file) {
  return {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file};
}

/// What it says about its progress is only of interest when it fails.
void openssl(const std::vector<std::string>& words, const std::vector<std::string>& more) {
  std::vector<std::string> command = {"sh", "-c", "exec \"$@\" 2>&1", "sh", "openssl"};
  command.insert(command.end(), words.begin(), words.end());
  command.insert(command.end(), more.begin(), more.end());
  run_ok(command);
}

}  // namespace

Certificates::Certificates() {
  openssl({"req", "-x509", "-days", "2", "-subj", "/CN=Test CA", "-out", ca()},
          new_key(dir_ / "ca.key"));
  issue("server", "subjectAltName=IP:127.0.0.1,DNS:localhost");
  issue("client", "extendedKeyUsage=clientAuth");
}

void Certificates::issue(const std::string& name, const std::string& extension) const {
  const std::string request = dir_ / (name + ".csr");
  const std::string extensions = dir_ / (name + ".ext");
  write_file(extensions, extension + "\n");
  openssl({"req", "-new", "-subj", "/CN=" + name, "-out", request},
          new_key(dir_ / (name + ".key")));
  openssl({"x509", "-req", "-days", "2", "-in", request, "-CA", ca(), "-CAkey", dir_ / "ca.key",
           "-CAcreateserial", "-extfile", extensions, "-out", dir_ / (name + ".pem")},
          {});
}

}  // namespace xylem::test
