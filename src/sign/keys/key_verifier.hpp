#pragma once

/// \file
/// Room `sign/keys`: keys of the `ed25519` and `spki` kinds: read, verified with, signed with.
/// Knows nothing of OpenPGP, networks, repositories.

#include "sign/keys/key_set.hpp"
#include "sign/verifier.hpp"

namespace xylem::sign {

/// Checks signatures of ed25519, spki or dummy against a set of keys. Such a signature does not
/// tell whose it is: every key is tried.
class KeyVerifier : public Verifier {
 public:
  explicit KeyVerifier(KeySet keys) : keys_(std::move(keys)) {}

  Engine engine() const override { return keys_.engine(); }
  /// Throws Error(SignatureInvalid) if trying all signatures would hash more than 4 GiB.
  Report verify(ByteView data, const std::vector<Bytes>& signatures) const override;

 private:
  /// One of `count` signatures.
  Finding verify_one(ByteView data, ByteView signature, std::size_t count) const;

  KeySet keys_;
};

}  // namespace xylem::sign
