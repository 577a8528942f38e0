#pragma once

/// \file
/// Public and secret keys of the engines ed25519 and spki, by OpenSSL, and the words of dummy.

#include <openssl/evp.h>

#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "sign/engine.hpp"

namespace xylem::sign {

struct EvpFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using EvpKeyPtr = std::unique_ptr<EVP_PKEY, EvpFree>;

/// Checks signatures. Copies share the key; used from several threads at once.
class PublicKey {
 public:
  /// `encoded`: 32 bytes for ed25519, a SubjectPublicKeyInfo in DER for spki, a word for dummy,
  /// which must be enabled. Throws
  /// Error(InvalidArgument) that names `what` for anything else, and for keys that are too weak to
  /// be trusted (fewer than 112 bits of security: RSA below 2048).
  PublicKey(Engine engine, Bytes encoded, std::string_view what);

  /// Only "yes" is true: errors inside OpenSSL, malformed signatures and wrong ones are all false.
  bool verifies(ByteView data, ByteView signature) const;
  const Bytes& encoded() const { return encoded_; }

 private:
  Bytes encoded_;
  std::shared_ptr<EVP_PKEY> key_;  ///< Null for dummy.
};

/// Makes signatures. The secret is wiped from memory at the end.
class SecretKey {
 public:
  /// `encoded`: 64 bytes (seed and public key) for ed25519, PKCS #8 or another private key in DER
  /// for spki; it is wiped. Throws Error(InvalidArgument), which quotes nothing.
  SecretKey(Engine engine, Bytes encoded, std::string_view what);

  Bytes sign(ByteView data) const;
  /// The public half, encoded as PublicKey wants it.
  Bytes public_key() const;

 private:
  Engine engine_;
  EvpKeyPtr key_;  ///< Null for dummy.
  Bytes word_;     ///< Of dummy.
};

}  // namespace xylem::sign
