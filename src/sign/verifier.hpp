#pragma once

/// \file
/// Room `sign`: signatures over bytes: what is required, and what was found. Knows nothing of
/// networks, repositories.

#include <vector>

#include "base/bytes.hpp"
#include "sign/verdict.hpp"

namespace xylem::sign {

/// Knows which keys of one engine are trusted. Safe to use from several threads at once.
class Verifier {
 public:
  virtual ~Verifier() = default;
  virtual Engine engine() const = 0;
  /// What each of the signatures is worth for exactly these bytes. Throws Error only if checking
  /// itself is not possible; then nothing is verified.
  virtual Report verify(ByteView data, const std::vector<Bytes>& signatures) const = 0;
};

}  // namespace xylem::sign
