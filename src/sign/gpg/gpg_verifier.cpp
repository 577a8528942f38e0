#include "sign/gpg/gpg_verifier.hpp"

#include "sign/gpg/gpg_context.hpp"
#include "sign/gpg/openpgp.hpp"

namespace xylem::sign {

namespace {

constexpr unsigned against = GPGME_SIGSUM_RED | GPGME_SIGSUM_KEY_REVOKED |
                             GPGME_SIGSUM_KEY_EXPIRED | GPGME_SIGSUM_SIG_EXPIRED |
                             GPGME_SIGSUM_KEY_MISSING | GPGME_SIGSUM_BAD_POLICY |
                             GPGME_SIGSUM_SYS_ERROR;

Verdict verdict_of(const _gpgme_signature& signature) {
  switch (gpgme_err_code(signature.status)) {
    case GPG_ERR_NO_ERROR:
      return (static_cast<unsigned>(signature.summary) & against) == 0 ? Verdict::Valid
                                                                       : Verdict::Bad;
    case GPG_ERR_NO_PUBKEY:
      return Verdict::UnknownKey;
    case GPG_ERR_KEY_EXPIRED:
      return Verdict::KeyExpired;
    case GPG_ERR_SIG_EXPIRED:
      return Verdict::SignatureExpired;
    case GPG_ERR_CERT_REVOKED:
      return Verdict::KeyRevoked;
    default:
      return Verdict::Bad;
  }
}

GpgSignature to_plain(const _gpgme_signature& from, const GpgKeyring& keyring) {
  GpgSignature signature;
  signature.verdict = verdict_of(from);
  if (from.fpr != nullptr) signature.fingerprint = from.fpr;
  const char* algorithm = gpgme_pubkey_algo_name(from.pubkey_algo);
  signature.algorithm = algorithm != nullptr ? algorithm : "[unknown name]";
  signature.timestamp = static_cast<std::int64_t>(from.timestamp);
  signature.expires = static_cast<std::int64_t>(from.exp_timestamp);
  if (const GpgKey* key = keyring.find(signature.fingerprint)) signature.key = *key;
  // Valid, but by no key of ours: gpg must have found it elsewhere.
  if (signature.key.subkeys.empty() && signature.verdict == Verdict::Valid)
    signature.verdict = Verdict::UnknownKey;
  return signature;
}

}  // namespace

std::vector<GpgSignature> GpgVerifier::inspect(ByteView data,
                                               const std::vector<Bytes>& signatures) const {
  Bytes packets;
  std::vector<GpgSignature> found;
  for (const Bytes& signature : signatures) {
    if (is_detached_signature(signature))
      packets.insert(packets.end(), signature.begin(), signature.end());
    else
      found.push_back({});
  }
  if (packets.empty()) return found;
  const GpgContextPtr context = make_gpg_context(keyring_.home());
  const GpgDataPtr signed_data = borrow_gpg_data(data);
  const GpgDataPtr signature_data = borrow_gpg_data(packets);
  const gpgme_error_t error =
      gpgme_op_verify(context.get(), signature_data.get(), signed_data.get(), nullptr);
  gpgme_verify_result_t result = gpgme_op_verify_result(context.get());
  const bool damaged = gpgme_err_code(error) == GPG_ERR_NO_DATA || result == nullptr ||
                       result->signatures == nullptr;
  if (damaged) found.push_back({});
  if (damaged) return found;
  require_gpg(error, "checking a signature");
  for (auto one = result->signatures; one != nullptr; one = one->next)
    found.push_back(to_plain(*one, keyring_));
  return found;
}

Report GpgVerifier::verify(ByteView data, const std::vector<Bytes>& signatures) const {
  Report report;
  report.engine = Engine::Gpg;
  for (const GpgSignature& signature : inspect(data, signatures))
    report.findings.push_back(
        {signature.verdict, std::string(gpg_key_id(signature.fingerprint)), summary(signature)});
  return report;
}

}  // namespace xylem::sign
