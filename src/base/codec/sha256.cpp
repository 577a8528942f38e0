#include "base/codec/sha256.hpp"

#include <openssl/evp.h>

#include <new>

#include "xylem/error.hpp"

namespace xylem {

namespace {

/// Fetched once: looking the algorithm up costs more than hashing a small object.
const EVP_MD* algorithm() {
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (sha256 == nullptr) throw Error(ErrorKind::Unsupported, "OpenSSL offers no SHA-256");
  return sha256;
}

void start(EVP_MD_CTX* context) {
  if (EVP_DigestInit_ex(context, algorithm(), nullptr) != 1)
    throw Error(ErrorKind::Unsupported, "OpenSSL cannot start SHA-256");
}

}  // namespace

void Sha256::Free::operator()(EVP_MD_CTX* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc();
  start(context_.get());
}

void Sha256::update(ByteView bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

Checksum Sha256::finish() {
  std::array<std::uint8_t, Checksum::size> digest{};
  EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
  start(context_.get());
  return Checksum(digest);
}

Checksum sha256(ByteView bytes) {
  thread_local Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

}  // namespace xylem
