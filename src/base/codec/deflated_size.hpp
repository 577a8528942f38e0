#pragma once

#include "base/bytes.hpp"

namespace xylem {

/// About how many bytes the content takes compressed: exact for deflate, and a measure to compare
/// with for others. Quick, and needs little memory, whatever the size. Any thread.
std::uint64_t deflated_size(ByteView content);

}  // namespace xylem
