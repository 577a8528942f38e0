#pragma once

/// \file
/// Just enough of OpenPGP (RFC 4880, section 4.2) to tell what a stranger's bytes are before GnuPG
/// sees them. Pure.

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace xylem::sign {

/// Whether these are binary signature packets, one or more, and nothing else: no signed message,
/// which would bring its own text along, and no compressed or nested data.
bool is_detached_signature(ByteView bytes);

/// When the youngest of the public keys and subkeys in these bytes was made, in seconds since the
/// epoch; nullopt if they are not binary packets with a key.
std::optional<std::int64_t> youngest_key(ByteView bytes);

/// The bytes in ASCII armor (section 6.2), or the bytes themselves if there is none. Their checksum
/// is not looked at.
Bytes without_armor(ByteView bytes);

}  // namespace xylem::sign
