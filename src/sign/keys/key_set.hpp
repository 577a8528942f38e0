#pragma once

/// \file
/// Which keys of an engine are trusted, and which were revoked.

#include <string>
#include <vector>

#include "sign/engine.hpp"
#include "sign/keys/evp_key.hpp"

namespace xylem::sign {

/// Where the system keeps keys, in this order: below each, `trusted.<engine>` and all files of
/// `trusted.<engine>.d/`, and the same for `revoked`.
const std::vector<std::string>& system_key_dirs();

class KeySet {
 public:
  explicit KeySet(Engine engine) : engine_(engine) {}

  Engine engine() const { return engine_; }
  bool has_trusted() const { return !trusted_.empty(); }
  const std::vector<PublicKey>& trusted() const { return trusted_; }
  const std::vector<PublicKey>& revoked() const { return revoked_; }
  bool is_revoked(const PublicKey& key) const;

  /// A key as options have it: base64, or the word of dummy. These throw Error(InvalidArgument) for
  /// any key that cannot be used: an unreadable one might be the revoked one.
  void trust_text(const std::string& base64, const std::string& what);
  /// A file of keys: lines of base64 for ed25519, PEM for spki, lines for dummy. Throws Error(Io)
  /// if there is no such regular file, Error(InvalidArgument) if there is no key in it.
  void trust_file(const std::string& path);
  /// What `system_key_dirs()`, or other such directories, have. Files and directories that are
  /// missing are fine.
  void trust_dirs(const std::vector<std::string>& dirs);
  void revoke_dirs(const std::vector<std::string>& dirs);

 private:
  using Keys = std::vector<PublicKey>;
  void add_file(const std::string& path, Keys& keys) const;
  void add_dirs(const std::vector<std::string>& dirs, const std::string& kind, Keys& keys) const;

  Engine engine_;
  Keys trusted_;
  Keys revoked_;
};

/// The secret keys of a file, in the same formats (spki: PEM with "PRIVATE KEY"). Throws as above.
std::vector<SecretKey> read_secret_keys(Engine engine, const std::string& path);
/// A secret key in base64, or the word of dummy.
SecretKey parse_secret_key(Engine engine, const std::string& base64);

}  // namespace xylem::sign
