#include "repo/config/known_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/similar.hpp"

namespace xylem::repo {

namespace {

using Keys = std::vector<std::string>;

const Keys& remote_keys() {
  static const Keys keys{"url",
                         "contenturl",
                         "metalink",
                         "branches",
                         "collection-id",
                         "proxy",
                         "http2",
                         "max-outstanding-fetcher-requests",
                         "unconfigured-state",
                         "custom-backend",
                         "gpg-verify",
                         "gpg-verify-summary",
                         "gpgkeypath",
                         "sign-verify",
                         "sign-verify-summary",
                         "verification-ed25519-key",
                         "verification-ed25519-file",
                         "verification-spki-key",
                         "verification-spki-file",
                         "verification-dummy-key",
                         "verification-dummy-file",
                         "timestamp-check",
                         "sign-verify-deltas",
                         "disable-static-deltas",
                         "require-static-deltas",
                         "tls-permissive",
                         "tls-ca-path",
                         "proxy-tls-ca-path",
                         "tls-client-cert-path",
                         "tls-client-key-path"};
  return keys;
}

}  // namespace

/// As xylem-config(5) describes them.
const Keys& known_core_keys() {
  static const Keys keys{"repo_version",
                         "mode",
                         "parent",
                         "collection-id",
                         "locking",
                         "lock-timeout-secs",
                         "fsync",
                         "per-object-fsync",
                         "min-free-space-percent",
                         "min-free-space-size",
                         "tmp-expiry-secs",
                         "tombstone-commits",
                         "auto-update-summary",
                         "commit-update-summary",
                         "no-deltas-in-summary",
                         "add-remotes-config-dir",
                         "disable-xattrs",
                         "enable-uncompressed-cache",
                         "payload-link-threshold",
                         "localcache-repos",
                         "sign-verify-deltas",
                         "default-repo-finders",
                         "fsverity"};
  return keys;
}

std::string meant_key(const std::string& group, const std::string& key) {
  const bool of_remote = group.starts_with("remote \"");
  if (group != "core" && !of_remote) return "";
  const Keys& keys = of_remote ? remote_keys() : known_core_keys();
  const bool known = std::ranges::find(keys, key) != keys.end();
  return known ? "" : nearest(key, keys);
}

std::string misspelt_key_warning(const std::string& group, const std::string& key) {
  const std::string meant = meant_key(group, key);
  if (meant.empty()) return "";
  return fmt::format("Nothing reads the key {} of [{}]; did you mean {}?", key, group, meant);
}

}  // namespace xylem::repo
