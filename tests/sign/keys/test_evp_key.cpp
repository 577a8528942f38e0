#include "sign/keys/evp_key.hpp"

#include <catch2/catch.hpp>

#include "sign/keys/key_set.hpp"
#include "sign/keys/key_text.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::sign;

namespace {

const std::string keys_dir = TEST_DATA_DIR "/ostree-2026.4/keys/";

/// A key by the openssl command; `words` name its kind.
SecretKey make_spki_key(const std::vector<std::string>& words) {
  const test::TempDir dir;
  std::vector<std::string> command{"openssl", "genpkey", "-quiet", "-out", dir / "key.pem"};
  command.erase(command.begin() + 2);
  command.insert(command.end(), words.begin(), words.end());
  test::run_ok(command);
  std::vector<SecretKey> keys = read_secret_keys(Engine::Spki, dir / "key.pem");
  REQUIRE(keys.size() == 1);
  return std::move(keys.front());
}

const std::vector<std::vector<std::string>>& spki_kinds() {
  static const std::vector<std::vector<std::string>> kinds{
      {"-algorithm", "ed25519"},
      {"-algorithm", "ed448"},
      {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
      {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
  };
  return kinds;
}

}  // namespace

TEST_CASE("each kind of spki key signs, and only its own bytes verify") {
  const ByteView data = as_bytes("the commit");
  for (const auto& kind : spki_kinds()) {
    INFO(kind[1]);
    const SecretKey secret = make_spki_key(kind);
    const PublicKey key(Engine::Spki, secret.public_key(), "key");
    const Bytes signature = secret.sign(data);
    CHECK(key.verifies(data, signature));
    CHECK_FALSE(key.verifies(as_bytes("another commit"), signature));
    CHECK_FALSE(key.verifies(data, {}));
    Bytes cut(signature.begin(), signature.end() - 1);
    CHECK_FALSE(key.verifies(data, cut));
    for (std::size_t i = 0; i < signature.size(); i += 7) {
      Bytes damaged = signature;
      damaged[i] ^= 1;
      CHECK_FALSE(key.verifies(data, damaged));
    }
  }
}

// OpenSSL answers -1, not 0, when an ECDSA signature cannot be parsed: that is no yes.
TEST_CASE("bytes that are no signature at all do not verify") {
  const SecretKey secret = make_spki_key(spki_kinds()[3]);
  const PublicKey key(Engine::Spki, secret.public_key(), "key");
  for (const std::string_view text : {"", "x", "not a signature", "\x30\x06\x02\x01\x01\x02\x01"})
    CHECK_FALSE(key.verifies(as_bytes("the commit"), as_bytes(text)));
}

TEST_CASE("short RSA keys are not trusted") {
  const SecretKey secret = make_spki_key({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"});
  CHECK(error_kind([&] { PublicKey(Engine::Spki, secret.public_key(), "key"); }) ==
        ErrorKind::InvalidArgument);
}

TEST_CASE("keys of the wrong form are refused") {
  const auto refused = [](Engine engine, Bytes key) {
    return error_kind([&] { PublicKey(engine, std::move(key), "key"); }) ==
           ErrorKind::InvalidArgument;
  };
  CHECK(refused(Engine::Ed25519, {}));
  CHECK(refused(Engine::Ed25519, Bytes(31)));
  CHECK(refused(Engine::Ed25519, Bytes(33)));
  CHECK(refused(Engine::Spki, {}));
  CHECK(refused(Engine::Spki, Bytes(64)));
  Bytes longer = make_spki_key(spki_kinds()[0]).public_key();
  longer.push_back(0);
  CHECK(refused(Engine::Spki, longer));
}

TEST_CASE("secret keys of the wrong form are refused") {
  const auto refused = [](Engine engine, Bytes key) {
    return error_kind([&] { SecretKey(engine, std::move(key), "key"); }) ==
           ErrorKind::InvalidArgument;
  };
  CHECK(refused(Engine::Ed25519, {}));
  CHECK(refused(Engine::Ed25519, Bytes(32)));
  CHECK(refused(Engine::Ed25519, Bytes(64)));  // its halves do not fit
  CHECK(refused(Engine::Spki, Bytes(64)));
}

TEST_CASE("the recorded keys are pairs") {
  const SecretKey secret =
      std::move(read_secret_keys(Engine::Ed25519, keys_dir + "ed25519.secret").front());
  KeySet set(Engine::Ed25519);
  set.trust_file(keys_dir + "ed25519.public");
  CHECK(set.trusted().front().encoded() == secret.public_key());
  CHECK(secret.sign(as_bytes("x")).size() == 64);
}
