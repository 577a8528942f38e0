#include "repo/config/remote.hpp"

#include <fmt/format.h>
#include <gio/gio.h>

#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr std::string_view group_start = "remote \"";
constexpr std::string_view group_end = "\"";
constexpr std::uint32_t most_requests = 512;

/// Reads the keys of one remote; every error names the remote.
class RemoteKeys {
 public:
  RemoteKeys(const KeyFile& file, const std::string& name)
      : file_(file), group_(remote_group(name)) {}

  std::optional<std::string> string(const char* key) const {
    return file_.find_string(group_, key);
  }
  bool flag(const char* key, bool otherwise) const {
    return file_.find_bool(group_, key).value_or(otherwise);
  }
  /// nullopt if it is not set; from 1 to `most`.
  std::optional<std::uint32_t> count(const char* key, std::uint32_t most) const {
    const auto value = file_.find_int(group_, key);
    if (!value) return std::nullopt;
    if (*value < 1 || *value > most) refuse(key, fmt::format("not a number from 1 to {}", most));
    return static_cast<std::uint32_t>(*value);
  }
  /// With both separators it is one path, which nobody can read: as in libostree it is whoever
  /// wants the keys that fails.
  std::vector<std::string> paths(const char* key) const {
    const std::string text = string(key).value_or("");
    if (text.find(';') == std::string::npos || text.find(',') == std::string::npos)
      return list(key);
    return {text};
  }
  std::vector<std::string> list(const char* key) const {
    return file_.find_list(group_, key).value_or(std::vector<std::string>{});
  }
  /// Of all engines, also of those that nobody knows.
  std::map<std::string, VerificationKeys> verification_keys() const {
    constexpr std::string_view start = "verification-";
    std::map<std::string, VerificationKeys> keys;
    for (const std::string& name : file_.keys(group_)) {
      if (!name.starts_with(start)) continue;
      const std::size_t dash = name.rfind('-');
      const std::string engine = name.substr(start.size(), dash - start.size());
      if (name.ends_with("-key")) keys[engine].key = string(name.c_str());
      if (name.ends_with("-file")) keys[engine].file = string(name.c_str());
    }
    return keys;
  }
  /// A bool as in a key file, else a list of engines.
  SignVerify sign_verify(const char* key) const {
    const std::string text = string(key).value_or("");
    if (text.empty() || text == "false" || text == "0") return {};
    if (text == "true" || text == "1") return {true, {}};
    SignVerify verify{true, list(key)};
    if (verify.engines.empty()) refuse(key, "it names no signature engine");
    return verify;
  }
  /// A bool, or "strict".
  TimestampCheck timestamp_check(const char* key) const {
    if (string(key) == "strict") return TimestampCheck::Strict;
    return flag(key, false) ? TimestampCheck::NotOlder : TimestampCheck::Off;
  }
  /// A bool, "upgrade" or "all".
  RequireDeltas require_deltas(const char* key) const {
    const auto value = string(key);
    if (value == "upgrade") return RequireDeltas::Upgrade;
    if (value == "all") return RequireDeltas::Always;
    return flag(key, false) ? RequireDeltas::Always : RequireDeltas::Never;
  }
  [[noreturn]] void refuse(std::string_view key, std::string_view why) const {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Key {} of group [{}]: {}", key, group_, why));
  }

 private:
  const KeyFile& file_;
  std::string group_;
};

void read_locations(const RemoteKeys& keys, Remote& remote) {
  remote.url = keys.string("url").value_or("");
  remote.contenturl = keys.string("contenturl");
  remote.metalink = keys.string("metalink");
  remote.branches = keys.list("branches");
  std::erase(remote.branches, "");
  remote.proxy = keys.string("proxy");
  remote.http2 = keys.flag("http2", true);
  remote.max_requests = keys.count("max-outstanding-fetcher-requests", most_requests);
  remote.collection_id = keys.string("collection-id");
  remote.unconfigured_state = keys.string("unconfigured-state");
  remote.custom_backend = keys.string("custom-backend");
}

void read_verification(const RemoteKeys& keys, Remote& remote) {
  remote.gpg_verify = keys.flag("gpg-verify", true);
  remote.gpg_verify_summary = keys.flag("gpg-verify-summary", false);
  remote.gpg_key_path = keys.paths("gpgkeypath");
  remote.sign_verify = keys.sign_verify("sign-verify");
  remote.sign_verify_summary = keys.sign_verify("sign-verify-summary");
  remote.verification_keys = keys.verification_keys();
  remote.timestamp_check = keys.timestamp_check("timestamp-check");
}

void read_deltas(const RemoteKeys& keys, Remote& remote) {
  remote.disable_static_deltas = keys.flag("disable-static-deltas", false);
  remote.require_static_deltas = keys.require_deltas("require-static-deltas");
  remote.sign_verify_deltas = keys.flag("sign-verify-deltas", false);
  if (remote.disable_static_deltas && remote.require_static_deltas != RequireDeltas::Never)
    keys.refuse("require-static-deltas", "contradicts disable-static-deltas");
}

void read_tls(const RemoteKeys& keys, Remote& remote) {
  remote.tls_permissive = keys.flag("tls-permissive", false);
  remote.tls_ca_path = keys.string("tls-ca-path");
  remote.proxy_tls_ca_path = keys.string("proxy-tls-ca-path");
  remote.tls_client_cert_path = keys.string("tls-client-cert-path");
  remote.tls_client_key_path = keys.string("tls-client-key-path");
  if (remote.tls_client_cert_path && !remote.tls_client_key_path)
    keys.refuse("tls-client-key-path", "must be set, because tls-client-cert-path is");
  if (remote.tls_client_key_path && !remote.tls_client_cert_path)
    keys.refuse("tls-client-cert-path", "must be set, because tls-client-key-path is");
}

}  // namespace

std::optional<std::string> Remote::local_path() const {
  if (!url.starts_with("file://")) return std::nullopt;
  gchar* host_name = nullptr;
  const GStringPtr path(g_filename_from_uri(url.c_str(), &host_name, nullptr));
  const GStringPtr host(host_name);
  if (!path || (host && std::string_view(host.get()) != "localhost"))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Key url of group [{}]: not the URL of a file on this machine",
                            remote_group(name)));
  return path.get();
}

std::string remote_group(std::string_view name) {
  return std::string(group_start).append(name).append(group_end);
}

std::optional<std::string> parse_remote_group(std::string_view group) {
  if (group.size() <= group_start.size() + group_end.size() || !group.starts_with(group_start) ||
      !group.ends_with(group_end))
    return std::nullopt;
  group.remove_prefix(group_start.size());
  group.remove_suffix(group_end.size());
  return std::string(group);
}

Remote parse_remote(const KeyFile& file, const std::string& name) {
  const RemoteKeys keys(file, name);
  Remote remote;
  remote.name = name;
  read_locations(keys, remote);
  read_verification(keys, remote);
  read_deltas(keys, remote);
  read_tls(keys, remote);
  return remote;
}

}  // namespace xylem::repo
