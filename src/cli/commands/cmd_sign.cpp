#include <fmt/format.h>

#include <algorithm>

#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/shared/signing.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "repo/transaction/edit_detached.hpp"
#include "sign/keys/key_verifier.hpp"
#include "sign/requirement.hpp"
#include "sign/signatures.hpp"

namespace xylem::cli {

namespace {

struct SignOptions {
  std::string commit;
  std::vector<std::string> keys;  ///< Base64: secret to sign, public to verify and delete.
  bool verify = false;
  bool remove = false;
  std::string type = "ed25519";
  std::optional<std::string> keys_file;
  std::optional<std::string> keys_dir;
};

std::vector<std::string> key_dirs(const SignOptions& options) {
  if (options.keys_dir) return {*options.keys_dir};
  return sign::system_key_dirs();
}

/// Those that were named; without any, those of the system. What the system revoked is revoked.
sign::KeySet public_keys(const SignOptions& options) {
  sign::KeySet keys(sign::parse_key_engine(options.type));
  for (const std::string& key : options.keys) keys.trust_text(key, "KEY-ID");
  if (options.keys_file) keys.trust_file(*options.keys_file);
  if (!keys.has_trusted()) keys.trust_dirs(key_dirs(options));
  if (!keys.has_trusted())
    throw Error(ErrorKind::SignatureInvalid,
                fmt::format("No {} key to verify with was found", options.type))
        .hint("Name public keys, or give a file of keys with --keys-file.");
  return keys;
}

void verify(const repo::Repo& repo, const Checksum& commit, const SignOptions& options) {
  sign::KeySet keys = public_keys(options);
  keys.revoke_dirs(key_dirs(options));
  sign::Requirement requirement;
  requirement.add({std::make_shared<sign::KeyVerifier>(std::move(keys))});
  const Bytes bytes = repo.load_metadata({commit, object::ObjectType::Commit});
  for (const sign::Report& report : requirement.require(fmt::format("Commit {}", commit.hex()),
                                                        bytes, repo.load_commitmeta(commit)))
    fmt::print("{}\n", report.decisive().text);
}

/// What stops it says so in libostree's words.
void verify_or_say(const repo::Repo& repo, const Checksum& commit, const SignOptions& options) {
  try {
    verify(repo, commit, options);
  } catch (Error& error) {
    if (error.kind() != ErrorKind::SignatureInvalid) throw;
    throw error.prefix("No valid signatures found");
  }
}

void remove(repo::Repo& repo, const Checksum& commit, const SignOptions& options) {
  const sign::KeySet keys = public_keys(options);
  const Bytes bytes = repo.load_metadata({commit, object::ObjectType::Commit});
  const auto is_ours = [&](const Bytes& signature) {
    return std::ranges::any_of(
        keys.trusted(), [&](const sign::PublicKey& key) { return key.verifies(bytes, signature); });
  };
  std::size_t deleted = 0;
  repo::edit_detached(repo, commit, [&](const object::Dict& metadata) {
    std::vector<Bytes> signatures = sign::signatures_in(metadata, keys.engine());
    deleted = std::erase_if(signatures, is_ours);
    return deleted == 0 ? metadata : sign::with_signatures(metadata, keys.engine(), signatures);
  });
  fmt::print("Signatures deleted: {}\n", deleted);
}

void add(repo::Repo& repo, const Checksum& commit, const SignOptions& options) {
  SigningOptions signing;
  signing.secret_keys = options.keys;
  if (options.keys_file) signing.secret_key_files = {*options.keys_file};
  signing.sign_type = options.type;
  const Bytes bytes = repo.load_metadata({commit, object::ObjectType::Commit});
  repo::edit_detached(repo, commit, [&](const object::Dict& metadata) {
    return add_signatures(metadata, bytes, signing);
  });
}

void run(const CLI::App& command, const Globals& globals, const SignOptions& options) {
  if (options.commit.empty()) usage_error(command, "Need a COMMIT to sign or verify");
  if (!options.verify && !options.keys_file && options.keys.empty())
    usage_error(command, "Need at least one KEY-ID to sign with");
  if (options.verify && options.remove)
    usage_error(command, "Can only specify one of --verify and --delete");
  repo::Repo repo = options.verify ? open_repo(globals) : open_writable_repo(globals);
  const Checksum commit = repo::resolve_rev(repo, options.commit);
  if (options.verify) return verify_or_say(repo, commit, options);
  options.remove ? remove(repo, commit, options) : add(repo, commit, options);
}

}  // namespace

void add_sign(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<SignOptions>();
  CLI::App* command = add_command(app, globals, "sign", "Sign a commit", "COMMIT KEY-ID...");
  add_flag(*command, "-d,--delete", options->remove, "Delete signatures having any of the KEY-IDs");
  add_flag(*command, "--verify", options->verify, "Verify signatures");
  add_value(*command, "-s,--sign-type", options->type,
            "Signature type to use (defaults to 'ed25519')", "NAME");
  add_value(*command, "--keys-file", options->keys_file, "Read keys from file", "NAME");
  add_value(*command, "--keys-dir", options->keys_dir,
            "Redefine system-wide directories with public and revoked keys for verification",
            "NAME");
  add_arguments(*command, "commit", options->commit);
  add_arguments(*command, "key-ids", options->keys);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
