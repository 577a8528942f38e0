#pragma once

/// \file
/// What came of checking signatures.

#include <string>
#include <vector>

#include "sign/engine.hpp"

namespace xylem::sign {

enum class Verdict {
  Valid,             ///< Made by a trusted key, and nothing speaks against it.
  NoSignature,       ///< There is none of this engine.
  UnknownKey,        ///< Made by a key that is not trusted. Without ids in signatures (ed25519,
                     ///< spki) a damaged one looks the same.
  KeyExpired,        ///< Good, but the key's time is over.
  SignatureExpired,  ///< Good, but it was meant to end before now.
  KeyRevoked,        ///< The key was withdrawn.
  Bad,               ///< Not for these bytes, or no signature at all.
};

/// "valid", "no signature", "unknown key", …
std::string_view name(Verdict verdict) noexcept;

/// One signature, looked at.
struct Finding {
  Verdict verdict = Verdict::Bad;
  std::string key;   ///< Its id or fingerprint, as far as known.
  std::string text;  ///< For people; one line or several, without a newline at the end.
};

/// All signatures of one engine over the same bytes.
struct Report {
  Engine engine = Engine::Gpg;
  std::vector<Finding> findings;  ///< In the order of the signatures.

  bool valid() const;
  /// The first valid one; else the last one, which is the most recent. NoSignature if there is
  /// none.
  Finding decisive() const;
};

}  // namespace xylem::sign
