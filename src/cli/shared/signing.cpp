#include "cli/shared/signing.hpp"

#include "cli/frame/command.hpp"
#include "object/commit.hpp"
#include "sign/gpg/gpg_signer.hpp"
#include "sign/keys/key_set.hpp"
#include "sign/signatures.hpp"

namespace xylem::cli {

namespace {

object::Dict append(const object::Dict& metadata, sign::Engine engine, Bytes signature) {
  std::vector<Bytes> signatures = sign::signatures_in(metadata, engine);
  signatures.push_back(std::move(signature));
  return sign::with_signatures(metadata, engine, signatures);
}

std::vector<sign::SecretKey> secret_keys(sign::Engine engine, const SigningOptions& options) {
  std::vector<sign::SecretKey> keys;
  for (const std::string& text : options.secret_keys)
    keys.push_back(sign::parse_secret_key(engine, text));
  for (const std::string& path : options.secret_key_files)
    for (sign::SecretKey& key : sign::read_secret_keys(engine, path))
      keys.push_back(std::move(key));
  return keys;
}

}  // namespace

void add_signing_options(CLI::App& command, SigningOptions& options, const std::string& what) {
  add_list(command, "--gpg-sign", options.gpg_keys, "GPG Key ID to sign the " + what + " with",
           "KEY-ID");
  add_value(command, "--gpg-homedir", options.gpg_homedir,
            "GPG Homedir to use when looking for keyrings", "HOMEDIR");
  add_list(command, "--sign", options.secret_keys, "Key ID to sign the " + what + " with",
           "KEY-ID");
  add_value(command, "--sign-type", options.sign_type,
            "Signature type to use (defaults to 'ed25519')", "NAME");
}

object::Dict add_signatures(const object::Dict& metadata, ByteView data,
                            const SigningOptions& options) {
  object::Dict result = metadata;
  for (const std::string& id : options.gpg_keys)
    result = append(result, sign::Engine::Gpg, sign::gpg_sign(data, id, options.gpg_homedir));
  if (options.secret_keys.empty() && options.secret_key_files.empty()) return result;
  const sign::Engine engine = sign::parse_key_engine(options.sign_type);
  for (const sign::SecretKey& key : secret_keys(engine, options))
    result = append(result, engine, key.sign(data));
  return result;
}

}  // namespace xylem::cli
