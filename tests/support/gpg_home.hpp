#pragma once

/// \file
/// Keys and signatures by the real `gpg`, also such as belong into another time.

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

/// A home directory of gpg.
class GpgHome {
 public:
  GpgHome();
  ~GpgHome();

  const std::string& path() const { return dir_.path(); }
  /// Makes a key for "`name` <`name`@example.org>" and returns its fingerprint. `expiry` as gpg
  /// has it ("never", "1d"); `when` is the day that gpg shall believe to be today ("20200101").
  std::string make_key(const std::string& name, const std::string& expiry = "never",
                       const std::string& when = "") const;
  /// All public keys, or these.
  Bytes export_keys(const std::vector<std::string>& ids = {}, bool armor = false) const;
  /// Withdraws the key in this home.
  void revoke(const std::string& fingerprint) const;
  /// A detached signature; `options` are more words for gpg.
  Bytes sign(const std::string& fingerprint, ByteView data, const std::string& when = "",
             const std::vector<std::string>& options = {"--detach-sign"}) const;

 private:
  std::vector<std::string> command(const std::string& when,
                                   const std::vector<std::string>& words) const;
  TempDir dir_;
};

}  // namespace xylem::test
