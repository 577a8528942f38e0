#pragma once

/// \file
/// Room `sign/gpg`: OpenPGP by way of GPGME: keyrings, verifying, signing, and how results read.
/// Knows nothing of other kinds of keys, networks, repositories.

#include "sign/gpg/gpg_keyring.hpp"
#include "sign/verifier.hpp"

namespace xylem::sign {

/// One GPG signature, looked at.
struct GpgSignature {
  Verdict verdict = Verdict::Bad;
  std::string fingerprint;     ///< Of the key, or only its id if it is not known.
  std::string algorithm;       ///< "RSA", "EdDSA", …
  std::int64_t timestamp = 0;  ///< Seconds since the epoch.
  std::int64_t expires = 0;    ///< 0 is never.
  GpgKey key;                  ///< Empty if it is not known.
};

/// Several lines, each behind `prefix`, in the words of `ostree show`.
std::string describe(const GpgSignature& signature, std::string_view prefix);

/// The same in one line, for messages.
std::string summary(const GpgSignature& signature);

/// Checks GPG signatures. Each check starts gpg once, for all signatures together.
class GpgVerifier : public Verifier {
 public:
  explicit GpgVerifier(GpgKeyring keyring) : keyring_(std::move(keyring)) {}

  Engine engine() const override { return Engine::Gpg; }
  Report verify(ByteView data, const std::vector<Bytes>& signatures) const override;
  /// What verify() finds, in full. What is no binary detached signature comes out as Bad.
  std::vector<GpgSignature> inspect(ByteView data, const std::vector<Bytes>& signatures) const;
  const GpgKeyring& keyring() const { return keyring_; }

 private:
  GpgKeyring keyring_;
};

}  // namespace xylem::sign
