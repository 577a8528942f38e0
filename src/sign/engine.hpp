#pragma once

/// \file
/// The kinds of signatures that there are.

#include <string>
#include <string_view>
#include <vector>

namespace xylem::sign {

enum class Engine {
  Gpg,
  Ed25519,  ///< Raw keys of 32 bytes.
  Spki,     ///< Keys as an X.509 SubjectPublicKeyInfo: RSA, EC, Ed25519.
  Dummy,    ///< A word that signer and verifier share. Only for tests of what handles signatures.
};

/// "gpg", "ed25519", "spki", "dummy".
std::string_view name(Engine engine) noexcept;

/// What `sign-verify` and `--sign-type` may name: all but gpg, which has options of its own.
const std::vector<Engine>& key_engines();
/// One of key_engines() by its name; throws Error(InvalidArgument) that lists them.
Engine parse_key_engine(std::string_view name);
/// Throws Error(SignatureInvalid) for the engine dummy, which proves nothing, unless the
/// environment has OSTREE_DUMMY_SIGN_ENABLED.
void require_enabled(Engine engine);

/// Where signatures of an engine are in detached metadata and in `summary.sig`; an `aay`.
const char* metadata_key(Engine engine) noexcept;

}  // namespace xylem::sign
