#pragma once

#include <cstdint>
#include <string>

#include "base/glib.hpp"

namespace xylem::cli {

/// A value in GVariant text format. `byteswap`: objects store numbers big-endian; show them as this
/// machine reads them.
std::string variant_text(GVariant* value, bool byteswap);
/// As it is stored, without types.
std::string plain_variant_text(GVariant* value);

/// "2026-11-21T08:28:13+00", in local time, as `ostree summary` writes it; "invalid" for a date
/// that no calendar has.
std::string iso8601_text(std::uint64_t seconds);

}  // namespace xylem::cli
