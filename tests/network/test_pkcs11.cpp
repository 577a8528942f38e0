// A client's key that never leaves its token.

#include <catch2/catch.hpp>
#include <cstdlib>

#include "pull_site.hpp"
#include "support/nginx.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

/// A token of SoftHSM with the client's key in it.
class Token {
 public:
  explicit Token(const Certificates& certificates) {
    run_ok({"mkdir", dir_ / "tokens"});
    write_file(dir_ / "softhsm2.conf", "directories.tokendir = " + (dir_ / "tokens") + "\n");
    ::setenv("SOFTHSM2_CONF", (dir_ / "softhsm2.conf").c_str(), 1);
    run_ok({"softhsm2-util", "--init-token", "--free", "--label", "xylem", "--so-pin", "5678",
            "--pin", "1234"});
    run_ok({"softhsm2-util", "--import", certificates.client_key(), "--token", "xylem", "--label",
            "client", "--id", "01", "--pin", "1234"});
  }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token() { ::unsetenv("SOFTHSM2_CONF"); }

  static std::string key(const std::string& pin) {
    return "pkcs11:token=xylem;object=client;type=private?pin-value=" + pin;
  }

 private:
  TempDir dir_;
};

}  // namespace

TEST_CASE("the client's key may be in a token", "[servers]") {
  SourceRepo source;
  const Certificates certificates;
  const Nginx nginx(source.path(),
                    {.certificates = &certificates, .wants_client_certificate = true});
  const Token token(certificates);
  const TargetRepo target(nginx.https_url(""));
  target.configure("tls-ca-path", certificates.ca());
  target.configure("tls-client-cert-path", certificates.client_certificate());
  target.configure("tls-client-key-path", Token::key("9999"));
  const Error error = target.failure(impatient());
  CHECK(error.kind() == ErrorKind::InvalidArgument);
  CHECK(std::string(error.what()).find("9999") == std::string::npos);
  target.configure("tls-client-key-path", Token::key("1234"));
  target.pull(impatient());
  CHECK(target.is_sound(source.head()));
}
