#pragma once

/// \file
/// What of a remote must be signed, and by whose keys.

#include <map>

#include "pull/remote/summary_fetch.hpp"
#include "repo/keyrings.hpp"
#include "repo/repo.hpp"
#include "sign/gpg/gpg_verifier.hpp"
#include "sign/requirement.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

struct Verification {
  sign::Requirement commits;
  sign::Requirement summary;
  /// Static deltas that are signed; empty if the remote has no keys for that.
  sign::Requirement deltas;
  /// Commits of single refs, as `ref_keyring_map` says.
  std::map<std::string, sign::Requirement> by_ref;
  /// Directories that gpg writes to while it checks.
  std::vector<std::string> gpg_homes;
};

/// Reads all keys, once for the whole pull. Throws Error(InvalidArgument) for an engine or a key
/// that cannot be used, Error(SignatureInvalid) if signatures are wanted and there is no key:
/// nothing is ever pulled unverified instead.
Verification verification_of(const repo::Repo& repo, const repo::Remote& remote,
                             const PullOptions& options);

/// The GPG keys that are trusted for a remote: its own keyring and `gpgkeypath`; without any, those
/// of the global directory. May be none.
std::vector<sign::GpgKeySource> gpg_keys_of(const repo::Repo& repo, const repo::Remote& remote);
/// The same without the global directory.
std::vector<sign::GpgKeySource> own_gpg_keys_of(const repo::Repo& repo, const repo::Remote& remote);
/// The keys of all remotes of the repository, and the global ones.
std::vector<sign::GpgKeySource> gpg_keys_of_all(const repo::Repo& repo);
std::vector<sign::GpgKeySource> as_key_sources(std::vector<repo::Keyring> keyrings);

/// Throws Error(SignatureInvalid) unless the summary satisfies the requirement. `signature` is the
/// content of `summary.sig`, null if there is none; `where` names the repository.
void require_signed_summary(const sign::Requirement& requirement, ByteView summary,
                            const Bytes* signature, const std::string& where);
/// The same as a rule for who fetches summaries; no check if nothing is required.
SummaryRules summary_rules(const sign::Requirement& requirement, const std::string& where);

}  // namespace xylem::pull
