#include "cli/delta/delta_keys.hpp"

#include "cli/frame/options.hpp"
#include "sign/keys/key_verifier.hpp"

namespace xylem::cli {

void add_key_options(CLI::App& command, DeltaKeyOptions& options) {
  add_value(command, "--sign-type", options.sign_type,
            "Signature type to use (defaults to 'ed25519')", "NAME");
  add_value(command, "--keys-file", options.keys_file, "Read key(s) from file", "NAME");
  add_value(command, "--keys-dir", options.keys_dir,
            "Redefine system-wide directories with public and revoked keys for verification",
            "NAME");
}

std::unique_ptr<sign::Verifier> make_delta_verifier(const DeltaKeyOptions& options) {
  const std::vector<std::string> dirs =
      options.keys_dir ? std::vector<std::string>{*options.keys_dir} : sign::system_key_dirs();
  sign::KeySet keys(sign::parse_key_engine(options.sign_type));
  for (const std::string& key : options.keys) keys.trust_text(key, "KEY-ID");
  if (options.keys_file) keys.trust_file(*options.keys_file);
  if (!keys.has_trusted()) keys.trust_dirs(dirs);
  if (!keys.has_trusted()) return nullptr;
  keys.revoke_dirs(dirs);
  return std::make_unique<sign::KeyVerifier>(std::move(keys));
}

}  // namespace xylem::cli
