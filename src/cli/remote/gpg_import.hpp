#pragma once

#include <string>
#include <vector>

#include "repo/repo.hpp"
#include "sign/gpg/gpg_keyring.hpp"

namespace xylem::cli {

/// What became of a keyring.
struct GpgImport {
  std::size_t added = 0;  ///< Keys that it did not have.
  /// Keys that it had, and of which it has news now: a later end, a user.
  std::size_t updated = 0;
};

/// The public keys that these sources hold (all, or those that `ids` select), each source for
/// itself. Throws if any of them is bad. Changes nothing.
std::vector<sign::GpgKeySource> select_gpg_keys(std::vector<sign::GpgKeySource> sources,
                                                const std::vector<std::string>& ids = {});

/// Adds keys to the keyring of a remote; nothing changes if that fails.
GpgImport import_gpg_keys(repo::Repo& repo, const std::string& remote,
                          const std::vector<sign::GpgKeySource>& keys);

/// Says on standard output what became of the keyring of `remote`.
void print_gpg_import(const GpgImport& import, const std::string& remote);

}  // namespace xylem::cli
