#pragma once

#include <string>

#include "base/glib.hpp"

namespace xylem::cli {

/// A value in GVariant text format. `byteswap`: objects store numbers big-endian; show them as this
/// machine reads them.
std::string variant_text(GVariant* value, bool byteswap);

}  // namespace xylem::cli
