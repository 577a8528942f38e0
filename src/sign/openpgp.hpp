#pragma once

/// \file
/// Just enough of OpenPGP (RFC 4880, section 4.2) to tell what a stranger's bytes are before GnuPG
/// sees them. Pure.

#include "base/bytes.hpp"

namespace xylem::sign {

/// Whether these are binary signature packets, one or more, and nothing else: no signed message,
/// which would bring its own text along, and no compressed or nested data.
bool is_detached_signature(ByteView bytes);

}  // namespace xylem::sign
