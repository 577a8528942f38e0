#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace xylem::sign {

/// A binary detached signature over `data` by the secret key `key_id` of gpg's home directory
/// (nullopt: the user's own); gpg may ask for its passphrase. Throws Error(NotFound) if there is no
/// such key, Error(Io) if gpg cannot sign.
Bytes gpg_sign(ByteView data, const std::string& key_id, const std::optional<std::string>& home);

}  // namespace xylem::sign
