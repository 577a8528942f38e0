#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

/// What became of a keyring.
struct GpgImport {
  std::size_t added = 0;  ///< Keys that it did not have.
  std::size_t updated =
      0;  ///< Keys that it had, and of which it has news now: a later end, a user.
};

/// Adds the public keys that these bytes hold (all, or those that `ids` select) to the keyring of a
/// remote; nothing changes if any of them is bad. `source` names the bytes in messages.
GpgImport import_gpg_keys(repo::Repo& repo, const std::string& remote, const std::string& source,
                          Bytes keys, const std::vector<std::string>& ids = {});

/// Says on standard output what became of the keyring of `remote`.
void print_gpg_import(const GpgImport& import, const std::string& remote);

}  // namespace xylem::cli
