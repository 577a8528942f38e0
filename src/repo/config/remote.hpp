#pragma once

/// \file
/// Remotes: groups `[remote "NAME"]` of `config` and of remotes.d/*.conf.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "repo/config/key_file.hpp"

namespace xylem::repo {

/// A bool, or the list of signature engines that must have signed.
struct SignVerify {
  bool enabled = false;
  std::vector<std::string> engines;  ///< Empty means any.
};

/// Keys of one signature engine, `verification-<engine>-key` and `-file`.
struct VerificationKeys {
  std::optional<std::string> key;   ///< Base64.
  std::optional<std::string> file;  ///< Path.
};

/// Whether a pull may bring a ref a commit that is older than the one it has (ours).
enum class TimestampCheck {
  Off,
  NotOlder,
  Strict,  ///< Nor another one of the same time.
};

/// Which commits of a remote may only come as static deltas (ours).
enum class RequireDeltas {
  Never,
  Upgrade,  ///< Those of refs that are here already.
  Always,
};

/// Everything a remote's group can say, with libostree's defaults.
struct Remote {
  std::string name;
  std::string url;  ///< As written: may start with "mirrorlist=" or "metalink=" has its own key.
  std::optional<std::string> contenturl;
  std::optional<std::string> metalink;
  std::vector<std::string> branches;
  std::optional<std::string> proxy;
  bool gpg_verify = true;
  bool gpg_verify_summary = false;
  std::vector<std::string> gpg_key_path;
  SignVerify sign_verify;
  SignVerify sign_verify_summary;
  std::map<std::string, VerificationKeys> verification_keys;  ///< By the name of the engine.
  TimestampCheck timestamp_check = TimestampCheck::Off;
  bool disable_static_deltas = false;  ///< Ours.
  RequireDeltas require_static_deltas = RequireDeltas::Never;
  bool sign_verify_deltas = false;  ///< Only signed deltas are used; ours.
  bool tls_permissive = false;
  std::optional<std::string> tls_client_cert_path;
  std::optional<std::string> tls_client_key_path;
  std::optional<std::string> tls_ca_path;
  std::optional<std::string> proxy_tls_ca_path;  ///< Ours.
  bool http2 = true;
  std::optional<std::uint32_t> max_requests;  ///< `max-outstanding-fetcher-requests`, ours.
  std::optional<std::string> collection_id;
  std::optional<std::string> unconfigured_state;  ///< Why it cannot be pulled from yet.
  std::optional<std::string> custom_backend;

  /// The file:// path of the url, decoded, if it is one.
  std::optional<std::string> local_path() const;
};

/// `remote "NAME"`, the group's name.
std::string remote_group(std::string_view name);
/// The name in such a group's name, or nullopt.
std::optional<std::string> parse_remote_group(std::string_view group);

/// Throws Error(InvalidArgument) that names the remote and the key.
Remote parse_remote(const KeyFile& file, const std::string& name);

}  // namespace xylem::repo
