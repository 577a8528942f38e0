#include "cli/text/signature_text.hpp"

#include <fmt/format.h>

#include "pull/remote/verification.hpp"
#include "sign/signatures.hpp"

namespace xylem::cli {

namespace {

/// "Found 2 signatures:", and each of them.
std::string findings_text(std::string_view begin, const std::vector<sign::GpgSignature>& found) {
  std::string text =
      fmt::format("{} {} signature{}:\n", begin, found.size(), found.size() == 1 ? "" : "s");
  for (const sign::GpgSignature& signature : found) text += "\n" + describe(signature, "  ");
  return text;
}

}  // namespace

sign::GpgVerifier make_gpg_verifier(const repo::Repo& repo, const GpgKeyOptions& options) {
  if (options.remote)
    return sign::GpgVerifier(
        sign::GpgKeyring(pull::gpg_keys_of(repo, repo.remote(*options.remote))));
  std::vector<sign::GpgKeySource> sources = pull::gpg_keys_of_all(repo);
  if (options.homedir)
    for (auto& source : pull::as_key_sources(repo::read_keyring_dir(*options.homedir)))
      sources.push_back(std::move(source));
  return sign::GpgVerifier(sign::GpgKeyring(sources));
}

std::string signatures_text(const repo::Repo& repo, const Checksum& commit,
                            const GpgKeyOptions& options) {
  const auto signatures = sign::signatures_in(repo.load_commitmeta(commit), sign::Engine::Gpg);
  if (signatures.empty()) return {};
  const Bytes bytes = repo.load_metadata({commit, object::ObjectType::Commit});
  return findings_text("Found", make_gpg_verifier(repo, options).inspect(bytes, signatures));
}

std::string summary_signatures_text(const repo::Repo& repo, const repo::Remote& remote,
                                    const repo::SummaryFiles& files) {
  if (!remote.gpg_verify_summary || !files.signature) return {};
  const object::Dict metadata = object::parse_dict_object(*files.signature, "summary.sig");
  const sign::GpgVerifier verifier(sign::GpgKeyring(pull::gpg_keys_of(repo, remote)));
  return "\n" + findings_text("GPG: Verification enabled, found",
                              verifier.inspect(files.summary,
                                               sign::signatures_in(metadata, sign::Engine::Gpg)));
}

}  // namespace xylem::cli
