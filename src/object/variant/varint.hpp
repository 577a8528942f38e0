#pragma once

#include "base/bytes.hpp"

namespace xylem::object {

/// Little-endian base 128, at most 10 bytes, as in ostree.sizes and delta operations.
void append_varint(Bytes& bytes, std::uint64_t value);

/// Takes a number off the front of `bytes`; throws Error(Corrupt) if it is cut short or does not
/// fit into 64 bits.
std::uint64_t take_varint(ByteView& bytes);

}  // namespace xylem::object
