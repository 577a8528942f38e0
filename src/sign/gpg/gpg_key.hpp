#pragma once

/// \file
/// Public GPG keys as plain data.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xylem::sign {

struct GpgSubkey {
  std::string fingerprint;
  std::int64_t created = 0;  ///< Seconds since the epoch.
  std::int64_t expires = 0;  ///< 0 is never.
  bool revoked = false;
  bool expired = false;
  bool invalid = false;
};

struct GpgUser {
  std::string id;  ///< "Name (Comment) <address>".
  std::string name;
  std::string email;
  bool revoked = false;
  bool invalid = false;
};

struct GpgKey {
  std::vector<GpgSubkey> subkeys;  ///< The first one is the primary key.
  std::vector<GpgUser> users;

  /// The subkey of this fingerprint (or of the key id that it ends in); null if there is none.
  const GpgSubkey* find(std::string_view fingerprint) const;
};

/// The last 16 digits of a fingerprint.
std::string_view gpg_key_id(std::string_view fingerprint);

/// Where the Web Key Directory of an address has its key (draft-koch-openpgp-webkey-service); both
/// empty if it is no address.
struct GpgUpdateUrls {
  std::string advanced;
  std::string direct;
};
GpgUpdateUrls gpg_update_urls(const std::string& email);

/// What `ostree remote gpg-list-keys` says of a key.
std::string describe(const GpgKey& key);

}  // namespace xylem::sign
