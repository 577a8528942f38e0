#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/checksum.hpp"

namespace xylem::pull {

/// A ref as a source has it.
struct FoundRef {
  Checksum commit;
  /// Of the commit object, as the summary says.
  std::optional<std::uint64_t> commit_size;
  /// That the ref belongs to, as the summary says.
  std::optional<std::string> collection_id;
};

}  // namespace xylem::pull
