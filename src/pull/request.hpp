#pragma once

/// \file
/// What the caller asked for, checked and taken apart. Pure.

#include <optional>
#include <string>
#include <vector>

#include "base/codec/checksum.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// One thing to pull: a ref, a ref held to a commit, or a commit without a ref.
struct RefRequest {
  std::optional<std::string> ref;
  std::optional<Checksum> commit;
  std::string text;  ///< As it was asked for.
};

/// Parses "ref", "ref@checksum" or "checksum". Throws Error(InvalidArgument).
RefRequest parse_ref_request(const std::string& text);

/// Throws Error(InvalidArgument), naming the option, for values and combinations that make no
/// sense, and Error(Unsupported) for what this version cannot do.
void validate(const PullOptions& options);

}  // namespace xylem::pull
