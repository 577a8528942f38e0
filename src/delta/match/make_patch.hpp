#pragma once

#include "base/bytes.hpp"

namespace xylem::delta {

/// The bsdiff stream (delta/format/bsdiff.hpp) that makes `changed` of `old`. Takes some 5 bytes of
/// memory for each of `old`, beside what it returns. Both have fewer than SuffixArray::max_text
/// bytes.
Bytes make_patch(ByteView old, ByteView changed);

}  // namespace xylem::delta
