#pragma once

/// \file
/// Raw deflate, compressing.

#include <functional>

#include "base/stream.hpp"

namespace xylem {

/// Compresses all of `source` at zlib level 1..9 and hands the output to `sink` in pieces.
void deflate_stream(ByteSource& source, int level, const std::function<void(ByteView)>& sink);

}  // namespace xylem
