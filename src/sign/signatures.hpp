#pragma once

/// \file
/// Signatures in detached metadata and in `summary.sig`: an `aay` for each engine.

#include <vector>

#include "object/variant/variant.hpp"
#include "sign/engine.hpp"

namespace xylem::sign {

/// More than anybody has; bounds what a stranger can make us check.
constexpr std::size_t max_signatures = 128;
constexpr std::size_t max_signature_size = 64 * 1024;

/// In stored order; none if there are none. Throws Error(SignatureInvalid) past the bounds above.
std::vector<Bytes> signatures_in(const object::Dict& metadata, Engine engine);

/// The metadata with these in place of all signatures of the engine; without any, the key goes too.
object::Dict with_signatures(const object::Dict& metadata, Engine engine,
                             const std::vector<Bytes>& signatures);

}  // namespace xylem::sign
