#pragma once

/// \file
/// The GPG keys that are trusted: read once, then asked often.

#include <gpgme.h>

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/os/temporary_directory.hpp"
#include "sign/gpg/gpg_key.hpp"

namespace xylem::sign {

/// A keyring or a key, binary (`gpg --export`) or in ASCII armor.
struct GpgKeySource {
  std::string name;  ///< For messages: a path.
  Bytes bytes;
};

/// A gpg home directory of our own, with nothing in it but these keys; the user's configuration and
/// trust have no say. Once made, it may be used from several threads at once. Movable.
class GpgKeyring {
 public:
  /// Imports all keys; a key that several sources have is merged, so that a revocation in any of
  /// them counts. Throws Error(InvalidArgument) for a source that holds no key, or one that was
  /// made after now, Error(Unsupported) if there is no gpg.
  explicit GpgKeyring(const std::vector<GpgKeySource>& sources);

  const std::string& home() const { return home_.path(); }
  const std::vector<GpgKey>& keys() const { return keys_; }
  /// Keys that were not in an earlier source.
  std::size_t imported() const { return imported_; }
  /// Keys that an earlier source had, too, and of which the last one has news.
  std::size_t updated() const { return updated_; }
  /// The key that has a subkey of this fingerprint or id; null if none.
  const GpgKey* find(std::string_view fingerprint) const;

  /// Binary, as `<remote>.trustedkeys.gpg` has it. `ids` selects keys as gpg does; empty is all.
  /// Throws Error(NotFound) for an id that selects none.
  Bytes export_keys(const std::vector<std::string>& ids = {}) const;

 private:
  void import(const GpgKeySource& source);

  TemporaryDirectory home_;
  std::vector<GpgKey> keys_;
  std::size_t imported_ = 0;
  std::size_t updated_ = 0;
};

/// Keys of the user's own keyring, in the same form.
Bytes export_personal_keys(const std::vector<std::string>& ids);

}  // namespace xylem::sign
