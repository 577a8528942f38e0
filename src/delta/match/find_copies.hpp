#pragma once

#include "delta/match/encoding.hpp"

namespace xylem::delta {

/// What of `changed` is in `old` too, and what is not: pieces that make `changed`, one after the
/// other. Reads both from the begin to the end, and where they are alike again. Memory: some 16
/// bytes for each chunk of `old`.
std::vector<Piece> find_copies(const RandomSource& old, const RandomSource& changed);

/// Bytes that come from the new file.
std::uint64_t new_bytes(const std::vector<Piece>& pieces);

}  // namespace xylem::delta
