#pragma once

/// \file
/// Raw deflate, compressing.

#include <functional>

#include "base/stream.hpp"

namespace xylem {

/// Compresses all of `source` at zlib level 1..9 and hands the output to `sink` in pieces.
void deflate_stream(ByteSource& source, int level, const std::function<void(ByteView)>& sink);

/// The same bytes for content in memory, below 4 GiB: quicker for small files, because what is
/// needed to work is kept for each thread.
Bytes deflate_bytes(ByteView content, int level);

}  // namespace xylem
