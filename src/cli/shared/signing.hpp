#pragma once

/// \file
/// Making signatures, as `commit`, `summary`, `sign` and `gpg-sign` do.

#include <optional>
#include <string>
#include <vector>

#include "object/variant/variant.hpp"
#include "repo/repo.hpp"
#include "sign/engine.hpp"

namespace CLI {
class App;
}

namespace xylem::cli {

struct SigningOptions {
  std::vector<std::string> gpg_keys;  ///< Ids, as gpg understands them.
  std::optional<std::string> gpg_homedir;
  std::vector<std::string> secret_keys;  ///< Base64.
  std::vector<std::string> secret_key_files;
  std::string sign_type = "ed25519";

  bool empty() const { return gpg_keys.empty() && secret_keys.empty() && secret_key_files.empty(); }
};

/// Declares --gpg-sign, --gpg-homedir, --sign and --sign-type; `what` is to be signed ("commit").
void add_signing_options(CLI::App& command, SigningOptions& options, const std::string& what);

/// `metadata` with a signature over `data` by each key behind those that it has.
object::Dict add_signatures(const object::Dict& metadata, ByteView data,
                            const SigningOptions& options);

}  // namespace xylem::cli
