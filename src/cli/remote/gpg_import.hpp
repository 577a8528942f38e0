#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

/// Adds the public keys that these bytes hold (all, or those that `ids` select) to the keyring of a
/// remote; nothing changes if any of them is bad. Returns how many are new. `source` names the
/// bytes in messages.
std::size_t import_gpg_keys(repo::Repo& repo, const std::string& remote, const std::string& source,
                            Bytes keys, const std::vector<std::string>& ids = {});

}  // namespace xylem::cli
