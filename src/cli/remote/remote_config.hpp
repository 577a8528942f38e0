#pragma once

/// \file
/// From the options of `remote add` to the keys of a remote's group. Pure.

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace xylem::cli {

struct RemoteAddOptions {
  std::string name;
  std::optional<std::string> url;
  std::vector<std::string> branches;
  std::vector<std::string> settings;  ///< --set=KEY=VALUE.
  bool no_gpg_verify = false;
  bool no_sign_verify = false;
  std::vector<std::string> sign_verify;  ///< KEYTYPE=[inline|file]:PUBKEY.
  std::optional<std::string> custom_backend;
  std::optional<std::string> contenturl;
  std::optional<std::string> collection_id;
};

using ConfigKeys = std::vector<std::pair<std::string, std::string>>;

/// The keys in the order in which libostree writes them. Throws UsageError.
ConfigKeys remote_keys(const RemoteAddOptions& options);

}  // namespace xylem::cli
