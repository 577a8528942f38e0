#include "pull/remote/verification.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "object/commit.hpp"
#include "sign/keys/key_verifier.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

using VerifierPtr = std::shared_ptr<const sign::Verifier>;

std::shared_ptr<const sign::GpgVerifier> gpg_verifier(const repo::Repo& repo,
                                                      const repo::Remote& remote) {
  sign::GpgKeyring keyring(gpg_keys_of(repo, remote));
  if (keyring.keys().empty())
    throw Error(ErrorKind::SignatureInvalid,
                fmt::format("Remote \"{}\" asks for GPG verification, but there is no key for it",
                            remote.name),
                {.verdict = "gpg: unknown key"})
        .hint(fmt::format(
            "`xylem remote gpg-import {} --keyring=FILE` imports the keys of its owner; "
            "only if you trust the way to the server: set gpg-verify=false",
            remote.name));
  return std::make_shared<sign::GpgVerifier>(std::move(keyring));
}

/// Reads each engine's keys when they are first needed, and once.
class Verifiers {
 public:
  /// All are borrowed.
  Verifiers(const repo::Repo& repo, const repo::Remote& remote,
            const std::vector<std::string>& key_dirs)
      : repo_(repo), remote_(remote), key_dirs_(key_dirs) {}

  sign::AnyOf gpg() {
    if (!gpg_) gpg_ = gpg_verifier(repo_, remote_);
    return {gpg_};
  }
  /// The home directory of gpg; empty if gpg is not needed.
  std::string gpg_home() const { return gpg_ ? gpg_->keyring().home() : ""; }
  /// What `sign-verify` asks for: the engines that it names, which must have keys of the remote's
  /// own, or any that has keys here.
  sign::AnyOf any_of(const repo::SignVerify& wanted) const {
    if (wanted.engines.empty()) return with_keys();
    sign::AnyOf group;
    for (const std::string& engine : wanted.engines)
      group.push_back(named(sign::parse_key_engine(engine)));
    return group;
  }

 private:
  sign::AnyOf with_keys() const {
    sign::AnyOf group;
    for (const sign::Engine engine : sign::key_engines()) {
      sign::KeySet keys = own_keys(engine);
      if (!has_own_keys(engine)) keys.trust_dirs(key_dirs_);
      if (keys.has_trusted()) group.push_back(std::make_shared<sign::KeyVerifier>(keys));
    }
    return group;
  }
  VerifierPtr named(sign::Engine engine) const {
    if (!has_own_keys(engine))
      throw Error(ErrorKind::SignatureInvalid,
                  fmt::format("No keys found for required signapi type {}", name(engine)))
          .hint(fmt::format("set verification-{0}-key or verification-{0}-file for remote \"{1}\"",
                            name(engine), remote_.name));
    return std::make_shared<sign::KeyVerifier>(own_keys(engine));
  }
  bool has_own_keys(sign::Engine engine) const {
    return remote_.verification_keys.contains(std::string(name(engine)));
  }
  /// Those of the remote, less what the system has revoked.
  sign::KeySet own_keys(sign::Engine engine) const {
    sign::KeySet keys(engine);
    keys.revoke_dirs(key_dirs_);
    const auto found = remote_.verification_keys.find(std::string(name(engine)));
    if (found == remote_.verification_keys.end()) return keys;
    if (found->second.file) keys.trust_file(*found->second.file);
    if (found->second.key)
      keys.trust_text(*found->second.key, fmt::format("verification-{}-key of remote \"{}\"",
                                                      name(engine), remote_.name));
    return keys;
  }

  const repo::Repo& repo_;
  const repo::Remote& remote_;
  const std::vector<std::string>& key_dirs_;
  std::shared_ptr<const sign::GpgVerifier> gpg_;
};

void append(std::vector<sign::GpgKeySource>& sources, std::vector<sign::GpgKeySource> more) {
  for (sign::GpgKeySource& source : more) sources.push_back(std::move(source));
}

}  // namespace

std::vector<sign::GpgKeySource> as_key_sources(std::vector<repo::Keyring> keyrings) {
  std::vector<sign::GpgKeySource> sources;
  sources.reserve(keyrings.size());
  for (repo::Keyring& keyring : keyrings)
    sources.push_back({std::move(keyring.path), std::move(keyring.bytes)});
  return sources;
}

std::vector<sign::GpgKeySource> own_gpg_keys_of(const repo::Repo& repo,
                                                const repo::Remote& remote) {
  std::vector<sign::GpgKeySource> sources;
  if (auto keyring = repo::find_remote_keyring(repo, remote.name))
    sources.push_back({std::move(keyring->path), std::move(keyring->bytes)});
  for (const std::string& path : remote.gpg_key_path)
    append(sources, as_key_sources(repo::read_key_path(path)));
  return sources;
}

std::vector<sign::GpgKeySource> gpg_keys_of(const repo::Repo& repo, const repo::Remote& remote) {
  std::vector<sign::GpgKeySource> sources = own_gpg_keys_of(repo, remote);
  const bool has_own = !sources.empty() || !remote.gpg_key_path.empty();
  if (!has_own) append(sources, as_key_sources(repo::read_keyring_dir(repo::global_keyring_dir())));
  return sources;
}

std::vector<sign::GpgKeySource> gpg_keys_of_all(const repo::Repo& repo) {
  auto sources = as_key_sources(repo::read_keyring_dir(repo.path()));
  append(sources, as_key_sources(repo::read_keyring_dir(repo::global_keyring_dir())));
  return sources;
}

namespace {

/// What the remote asks for, with its own keys.
Verification verification_by(const repo::Repo& repo, const repo::Remote& remote,
                             const PullOptions& options) {
  const std::vector<std::string> key_dirs =
      options.keys_dir ? std::vector<std::string>{*options.keys_dir} : sign::system_key_dirs();
  Verifiers verifiers(repo, remote, key_dirs);
  Verification result;
  if (options.gpg_verify.value_or(remote.gpg_verify)) result.commits.add(verifiers.gpg());
  if (options.gpg_verify_summary.value_or(remote.gpg_verify_summary))
    result.summary.add(verifiers.gpg());
  if (remote.sign_verify.enabled && !options.disable_sign_verify)
    result.commits.add(verifiers.any_of(remote.sign_verify));
  const bool has_keys = remote.sign_verify.enabled && !options.disable_sign_verify;
  if (has_keys || remote.sign_verify_deltas)
    result.deltas.add(verifiers.any_of(remote.sign_verify));
  if (remote.sign_verify_summary.enabled && !options.disable_sign_verify_summary)
    result.summary.add(verifiers.any_of(remote.sign_verify_summary));
  if (const std::string home = verifiers.gpg_home(); !home.empty())
    result.gpg_homes.push_back(home);
  return result;
}

/// The remote, but with another one's keys.
repo::Remote with_keys_of(const repo::Remote& keys, repo::Remote remote) {
  remote.name = keys.name;
  remote.gpg_key_path = keys.gpg_key_path;
  remote.verification_keys = keys.verification_keys;
  return remote;
}

}  // namespace

Verification verification_of(const repo::Repo& repo, const repo::Remote& remote,
                             const PullOptions& options) {
  Verification result = verification_by(repo, remote, options);
  for (const PullOptions::RefKeyring& entry : options.ref_keyring_map) {
    if (entry.collection_id != remote.collection_id) continue;
    Verification other =
        verification_by(repo, with_keys_of(repo.remote(entry.remote), remote), options);
    result.by_ref[entry.ref] = std::move(other.commits);
    result.gpg_homes.insert(result.gpg_homes.end(), other.gpg_homes.begin(), other.gpg_homes.end());
  }
  return result;
}

void require_signed_summary(const sign::Requirement& requirement, ByteView summary,
                            const Bytes* signature, const std::string& where) {
  if (requirement.empty()) return;
  const std::string what = fmt::format("The summary of {}", where);
  std::optional<object::Dict> signatures;
  std::string damage;
  try {
    if (signature != nullptr) signatures = object::parse_dict_object(*signature, "summary.sig");
  } catch (const Error& error) {
    damage = error.what();
  }
  try {
    for (const sign::Report& report : requirement.require(what, summary, signatures))
      log_info("{}: {}", what, report.decisive().text);
  } catch (Error& error) {
    throw damage.empty() ? error : error.prefix(damage);
  }
}

SummaryRules summary_rules(const sign::Requirement& requirement, const std::string& where) {
  SummaryRules rules;
  rules.wants_signature = !requirement.empty();
  if (!requirement.empty())
    rules.check = [requirement, where](const Bytes& summary, const Bytes* signature) {
      require_signed_summary(requirement, summary, signature, where);
    };
  return rules;
}

}  // namespace xylem::pull
