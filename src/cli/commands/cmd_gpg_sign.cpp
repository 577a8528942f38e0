#include <fmt/format.h>
#include <glib.h>

#include <algorithm>

#include "base/glib.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/shared/signing.hpp"
#include "cli/text/signature_text.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "repo/transaction/edit_detached.hpp"
#include "sign/signatures.hpp"

namespace xylem::cli {

namespace {

struct GpgSignOptions {
  std::string commit;
  bool remove = false;
  SigningOptions signing;
};

/// What is to be signed.
struct SignedCommit {
  Checksum checksum;
  Bytes bytes;
};

SignedCommit load(const repo::Repo& repo, const std::string& rev) {
  const Checksum checksum = repo::resolve_rev(repo, rev);
  return {checksum, repo.load_metadata({checksum, object::ObjectType::Commit})};
}

std::string upper(const std::string& text) {
  return GStringPtr(g_ascii_strup(text.c_str(), -1)).get();
}

/// Whether `id` (of a key, a fingerprint, or part of a user id) means the key that signed.
bool is_by(const sign::GpgSignature& signature, const std::string& id) {
  const std::string wanted = upper(id.starts_with("0x") ? id.substr(2) : id);
  const auto ends_in_it = [&](const std::string& fingerprint) {
    return wanted.size() >= 8 && fingerprint.ends_with(wanted);
  };
  return ends_in_it(signature.fingerprint) ||
         std::ranges::any_of(signature.key.subkeys, ends_in_it, &sign::GpgSubkey::fingerprint) ||
         std::ranges::any_of(signature.key.users, [&](const sign::GpgUser& user) {
           return upper(user.id).find(wanted) != std::string::npos;
         });
}

bool is_by_any(const std::vector<sign::GpgSignature>& found, const std::vector<std::string>& ids) {
  return std::ranges::any_of(ids, [&](const std::string& id) {
    return std::ranges::any_of(found, [&](const auto& one) { return is_by(one, id); });
  });
}

void remove_signatures(repo::Repo& repo, const SignedCommit& commit,
                       const SigningOptions& options) {
  const sign::GpgVerifier verifier = make_gpg_verifier(repo, {options.gpg_homedir, std::nullopt});
  std::size_t deleted = 0;
  repo::edit_detached(repo, commit.checksum, [&](const object::Dict& metadata) {
    auto signatures = sign::signatures_in(metadata, sign::Engine::Gpg);
    deleted = std::erase_if(signatures, [&](const Bytes& signature) {
      return is_by_any(verifier.inspect(commit.bytes, {signature}), options.gpg_keys);
    });
    return deleted == 0 ? metadata : sign::with_signatures(metadata, sign::Engine::Gpg, signatures);
  });
  fmt::print("Signatures deleted: {}\n", deleted);
}

/// A second signature by the same key would say nothing new.
void require_new(const SignedCommit& commit, const object::Dict& metadata) {
  const sign::GpgVerifier verifier(sign::GpgKeyring({}));
  std::vector<std::string> keys;
  for (const sign::GpgSignature& one :
       verifier.inspect(commit.bytes, sign::signatures_in(metadata, sign::Engine::Gpg))) {
    if (std::ranges::find(keys, one.fingerprint) != keys.end())
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("Commit {} is already signed with GPG key {}", commit.checksum.hex(),
                              one.fingerprint));
    keys.push_back(one.fingerprint);
  }
}

void run(const CLI::App& command, const Globals& globals, const GpgSignOptions& options) {
  if (options.commit.empty()) usage_error(command, "Need a COMMIT to sign");
  if (options.signing.gpg_keys.empty())
    usage_error(command, "Need at least one GPG KEY-ID to sign with");
  repo::Repo repo = open_writable_repo(globals);
  const SignedCommit commit = load(repo, options.commit);
  if (options.remove) return remove_signatures(repo, commit, options.signing);
  repo::edit_detached(repo, commit.checksum, [&](const object::Dict& before) {
    object::Dict metadata = add_signatures(before, commit.bytes, options.signing);
    require_new(commit, metadata);
    return metadata;
  });
}

}  // namespace

void add_gpg_sign(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<GpgSignOptions>();
  CLI::App* command = add_command(app, globals, "gpg-sign", "Sign a commit", "COMMIT KEY-ID...");
  add_flag(*command, "-d,--delete", options->remove,
           "Delete signatures having any of the GPG KEY-IDs");
  add_value(*command, "--gpg-homedir", options->signing.gpg_homedir,
            "GPG Homedir to use when looking for keyrings", "HOMEDIR");
  add_arguments(*command, "commit", options->commit);
  add_arguments(*command, "key-ids", options->signing.gpg_keys);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
