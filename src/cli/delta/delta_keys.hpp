#pragma once

/// \file
/// Which keys the signature of a delta is verified with.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sign/verifier.hpp"

namespace CLI {
class App;
}

namespace xylem::cli {

struct DeltaKeyOptions {
  std::vector<std::string> keys;  ///< Public keys, as the arguments have them.
  std::string sign_type = "ed25519";
  std::optional<std::string> keys_file;
  std::optional<std::string> keys_dir;

  /// Whether any keys were named.
  bool given() const { return !keys.empty() || keys_file || keys_dir; }
};

/// Declares --sign-type, --keys-file and --keys-dir.
void add_key_options(CLI::App& command, DeltaKeyOptions& options);

/// With the keys that were named; without any, those of the system. Null if there is none. What the
/// system, or the directory that was named, revoked is revoked. Throws Error(InvalidArgument).
std::unique_ptr<sign::Verifier> make_delta_verifier(const DeltaKeyOptions& options);

}  // namespace xylem::cli
