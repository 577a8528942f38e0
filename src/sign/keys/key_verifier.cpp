#include "sign/keys/key_verifier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sign/keys/key_text.hpp"
#include "xylem/error.hpp"

namespace xylem::sign {

namespace {

/// Each signature is tried with each key, and each try hashes all data: more than anybody needs.
constexpr std::uint64_t most_hashed = std::uint64_t{4} << 30;

/// More keys than this are only counted.
constexpr std::size_t most_named = 3;

/// What was tried in vain, in libostree's words. A damaged signature cannot be told from one by
/// another key.
std::string failed_text(const KeySet& keys, std::size_t signatures) {
  const std::string_view engine = name(keys.engine());
  if (keys.engine() == Engine::Dummy)
    return fmt::format("signature: dummy: incorrect signatures found: {}", signatures);
  if (keys.trusted().size() > most_named)
    return fmt::format("{}: Signature couldn't be verified; tried {} keys, or it is damaged",
                       engine, keys.trusted().size());
  std::string tried;
  for (const PublicKey& key : keys.trusted())
    tried += fmt::format("{}key '{}'", tried.empty() ? "" : "; ", hex(key.encoded()));
  return fmt::format(
      "{}: Signature couldn't be verified with: {}; it is by another key, or damaged", engine,
      tried);
}

}  // namespace

Report KeyVerifier::verify(ByteView data, const std::vector<Bytes>& signatures) const {
  const std::uint64_t tries =
      signatures.size() * (keys_.trusted().size() + keys_.revoked().size() + 1);
  if (data.size() > most_hashed / std::max<std::uint64_t>(tries, 1))
    throw Error(ErrorKind::SignatureInvalid,
                fmt::format("{} signatures over {} bytes exceed the verification limit",
                            signatures.size(), data.size()));
  Report report;
  report.engine = engine();
  for (const Bytes& signature : signatures)
    report.findings.push_back(verify_one(data, signature, signatures.size()));
  return report;
}

/// A key that is both trusted and revoked is revoked.
Finding KeyVerifier::verify_one(ByteView data, ByteView signature, std::size_t count) const {
  const auto made_it = [&](const PublicKey& key) { return key.verifies(data, signature); };
  const auto revoked = std::ranges::find_if(keys_.revoked(), made_it);
  if (revoked != keys_.revoked().end()) {
    const std::string key = hex(revoked->encoded());
    return {
        Verdict::KeyRevoked, key,
        fmt::format("{}: The signature is by key '{}', which was revoked", name(engine()), key)};
  }
  const auto trusted = std::ranges::find_if(keys_.trusted(), made_it);
  if (trusted != keys_.trusted().end()) {
    const std::string key = hex(trusted->encoded());
    return {Verdict::Valid, key,
            fmt::format("{}: Signature verified successfully with key '{}'", name(engine()), key)};
  }
  return {Verdict::UnknownKey, "", failed_text(keys_, count)};
}

}  // namespace xylem::sign
