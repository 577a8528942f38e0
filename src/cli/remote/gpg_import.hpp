#pragma once

#include <string>
#include <vector>

#include "repo/repo.hpp"
#include "sign/gpg_keyring.hpp"

namespace xylem::cli {

/// The public keys that these sources hold (all, or those that `ids` select), each source for
/// itself. Throws if any of them is bad. Changes nothing.
std::vector<sign::GpgKeySource> select_gpg_keys(std::vector<sign::GpgKeySource> sources,
                                                const std::vector<std::string>& ids = {});

/// Adds keys to the keyring of a remote; nothing changes if that fails. Returns how many are new.
std::size_t import_gpg_keys(repo::Repo& repo, const std::string& remote,
                            const std::vector<sign::GpgKeySource>& keys);

}  // namespace xylem::cli
