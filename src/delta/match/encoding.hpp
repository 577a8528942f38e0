#pragma once

/// \file
/// How a delta brings a regular file.

#include <variant>
#include <vector>

#include "base/codec/checksum.hpp"
#include "base/random_source.hpp"

namespace xylem::delta {

/// Its bytes as they are.
struct Plain {};
/// Not at all: who applies the delta fetches the object.
struct Alone {};

/// A stretch of the old file, or of the new one where that has nothing alike.
struct Piece {
  bool is_old = false;
  Stretch place;
  bool operator==(const Piece&) const = default;
};
/// Stretches of an old file, and new bytes between them, in the order of the new file.
struct Copies {
  Checksum old;
  std::vector<Piece> pieces;
};

/// What a bsdiff stream makes of an old file.
struct Patch {
  Checksum old;
  Stretch bytes;  ///< In the scratch file.
};

using Encoding = std::variant<Plain, Alone, Copies, Patch>;

}  // namespace xylem::delta
