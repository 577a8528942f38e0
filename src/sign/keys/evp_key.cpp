#include "sign/keys/evp_key.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <new>

#include "xylem/error.hpp"

namespace xylem::sign {

namespace {

constexpr std::size_t ed25519_public_size = 32;
constexpr std::size_t ed25519_seed_size = 32;
constexpr std::size_t ed25519_secret_size = ed25519_seed_size + ed25519_public_size;
constexpr int least_security_bits = 112;
constexpr std::size_t largest_key = 64 * 1024;

using ContextPtr = std::unique_ptr<EVP_MD_CTX, EvpFree>;

[[noreturn]] void refuse_key(std::string_view what, std::string_view why) {
  ERR_clear_error();
  throw Error(ErrorKind::InvalidArgument, fmt::format("{}: {}", what, why));
}

ContextPtr make_context() {
  ContextPtr context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  return context;
}

EvpKeyPtr read_ed25519(const Bytes& raw, std::string_view what) {
  if (raw.size() != ed25519_public_size)
    refuse_key(what, fmt::format("an ed25519 public key has {} bytes, not {}", ed25519_public_size,
                                 raw.size()));
  return EvpKeyPtr(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
}

EvpKeyPtr read_spki(const Bytes& der, std::string_view what) {
  if (der.size() > largest_key) refuse_key(what, "a public key of more than 64 KiB");
  const unsigned char* at = der.data();
  EvpKeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (key && at != der.data() + der.size()) refuse_key(what, "there is more behind the public key");
  return key;
}

EvpKeyPtr read_ed25519_secret(const Bytes& raw, std::string_view what) {
  if (raw.size() != ed25519_secret_size)
    refuse_key(what, fmt::format("an ed25519 secret key has {} bytes, not {}", ed25519_secret_size,
                                 raw.size()));
  return EvpKeyPtr(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw.data(), ed25519_seed_size));
}

EvpKeyPtr read_public(Engine engine, const Bytes& encoded, std::string_view what) {
  require_enabled(engine);
  if (engine == Engine::Dummy) return nullptr;
  return engine == Engine::Ed25519 ? read_ed25519(encoded, what) : read_spki(encoded, what);
}

EvpKeyPtr read_secret(Engine engine, const Bytes& encoded, std::string_view what) {
  require_enabled(engine);
  if (engine == Engine::Dummy) return nullptr;
  if (engine == Engine::Ed25519) return read_ed25519_secret(encoded, what);
  const unsigned char* at = encoded.data();
  return EvpKeyPtr(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(encoded.size())));
}

}  // namespace

PublicKey::PublicKey(Engine engine, Bytes encoded, std::string_view what)
    : encoded_(std::move(encoded)), key_(read_public(engine, encoded_, what)) {
  if (engine == Engine::Dummy) return;
  if (!key_) refuse_key(what, fmt::format("not an {} public key", name(engine)));
  if (EVP_PKEY_get_security_bits(key_.get()) < least_security_bits)
    refuse_key(what, "the key is too short to be trusted");
}

bool PublicKey::verifies(ByteView data, ByteView signature) const {
  if (!key_) return std::ranges::equal(signature, encoded_);
  const ContextPtr context = make_context();
  // Both are 1 for yes, 0 for no and negative for errors; only 1 may count.
  const bool valid =
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(),
                       data.size()) == 1;
  ERR_clear_error();
  return valid;
}

SecretKey::SecretKey(Engine engine, Bytes encoded, std::string_view what)
    : engine_(engine), key_(read_secret(engine, encoded, what)) {
  if (engine == Engine::Dummy) word_ = std::move(encoded);
  if (engine == Engine::Dummy) return;
  const ByteView end = ByteView(encoded).last(std::min(encoded.size(), ed25519_public_size));
  const Bytes copy_of_public(end.begin(), end.end());
  OPENSSL_cleanse(encoded.data(), encoded.size());
  if (!key_) refuse_key(what, fmt::format("not an {} secret key", name(engine)));
  if (engine == Engine::Ed25519 && public_key() != copy_of_public)
    refuse_key(what, "the two halves of the ed25519 secret key do not fit each other");
}

Bytes SecretKey::sign(ByteView data) const {
  if (!key_) return word_;
  const ContextPtr context = make_context();
  std::size_t size = 0;
  Bytes signature;
  bool done = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
              EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) == 1;
  if (done) {
    signature.resize(size);
    done = EVP_DigestSign(context.get(), signature.data(), &size, data.data(), data.size()) == 1;
  }
  ERR_clear_error();
  if (!done)
    throw Error(ErrorKind::Unsupported, fmt::format("The {} key cannot sign", name(engine_)));
  signature.resize(size);
  return signature;
}

Bytes SecretKey::public_key() const {
  if (!key_) return word_;
  if (engine_ == Engine::Ed25519) {
    Bytes raw(ed25519_public_size);
    std::size_t size = raw.size();
    if (EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size) != 1) raw.clear();
    return raw;
  }
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  Bytes bytes(der, der + std::max(size, 0));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace xylem::sign
