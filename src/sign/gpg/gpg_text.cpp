#include <fmt/format.h>

#include "base/printable.hpp"
#include "sign/gpg/gpg_verifier.hpp"
#include "sign/gpg/local_time.hpp"

namespace xylem::sign {

namespace {

std::string owner_of(const GpgKey& key) {
  if (key.users.empty()) return "[unknown name] <[unknown email]>";
  return printable(fmt::format("{} <{}>", key.users.front().name, key.users.front().email));
}

std::string judgement(const GpgSignature& signature) {
  switch (signature.verdict) {
    case Verdict::UnknownKey:
      return "Can't check signature: public key not found";
    case Verdict::Valid:
      return fmt::format("Good signature from \"{}\"", owner_of(signature.key));
    case Verdict::KeyRevoked:
      return "Key revoked";
    case Verdict::SignatureExpired:
      return fmt::format("Expired signature from \"{}\"", owner_of(signature.key));
    default:
      return fmt::format("BAD signature from \"{}\"", owner_of(signature.key));
  }
}

/// "Key expires …" or "Key expired …"; nothing for what never ends.
std::string end_of(std::string_view what, std::int64_t time, bool expired) {
  if (time <= 0) return {};
  return fmt::format("{} {} {}\n", what, expired ? "expired" : "expires", local_time(time));
}

std::string subkey_text(const GpgSignature& signature) {
  const GpgSubkey* subkey = signature.key.find(signature.fingerprint);
  if (subkey == nullptr) return {};
  const bool expired = signature.verdict == Verdict::KeyExpired;
  const GpgSubkey& primary = signature.key.subkeys.front();
  std::string text = end_of("Key", subkey->expires, expired);
  if (subkey != &primary) text += end_of("Primary key", primary.expires, expired);
  return text;
}

std::string primary_text(const GpgSignature& signature) {
  const GpgSubkey* subkey = signature.key.find(signature.fingerprint);
  if (subkey == nullptr || subkey == &signature.key.subkeys.front()) return {};
  return fmt::format("Primary key ID {}\n", gpg_key_id(signature.key.subkeys.front().fingerprint));
}

std::string prefixed(std::string_view text, std::string_view prefix) {
  std::string result;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    result.append(prefix).append(line).append("\n");
    text.remove_prefix(line.size() + 1);
  }
  return result;
}

}  // namespace

std::string summary(const GpgSignature& signature) {
  const std::string_view id = gpg_key_id(signature.fingerprint);
  const std::string by = fmt::format("key {} (\"{}\")", id, owner_of(signature.key));
  const GpgSubkey* subkey = signature.key.find(signature.fingerprint);
  switch (signature.verdict) {
    case Verdict::Valid:
      return fmt::format("GPG: Good signature by {}", by);
    case Verdict::UnknownKey:
      return fmt::format("GPG: Can't check signature: public key not found: {}", id);
    case Verdict::KeyExpired:
      return fmt::format("GPG: Key expired {}: {}",
                         local_time(subkey != nullptr ? subkey->expires : 0), by);
    case Verdict::SignatureExpired:
      return fmt::format("GPG: Signature expired {}: by {}", local_time(signature.expires), by);
    case Verdict::KeyRevoked:
      return fmt::format("GPG: Key revoked: {}", by);
    default:
      return id.empty()
                 ? "GPG: This is no signature"
                 : fmt::format("GPG: BAD signature, which is not for these bytes: by {}", by);
  }
}

std::string describe(const GpgSignature& signature, std::string_view prefix) {
  std::string text =
      fmt::format("Signature made {} using {} key ID {}\n", local_time(signature.timestamp),
                  signature.algorithm, gpg_key_id(signature.fingerprint));
  text += judgement(signature) + "\n";
  text += primary_text(signature);
  text += end_of("Signature", signature.expires, signature.verdict == Verdict::SignatureExpired);
  text += subkey_text(signature);
  return prefixed(text, prefix);
}

}  // namespace xylem::sign
