#pragma once

/// \file
/// A summary in words, for `summary` and `remote summary`.

#include <string>

#include "base/bytes.hpp"

namespace xylem::cli {

/// What is to be shown; the first that is set counts.
struct SummaryView {
  bool list_metadata_keys = false;
  std::string metadata_key{};  ///< --print-metadata-key.
  bool raw = false;            ///< As GVariant text.
};

/// Prints to standard output. Throws Error(Corrupt) for bytes that are no summary, Error(NotFound)
/// for a metadata key that is not there.
void print_summary(ByteView bytes, const SummaryView& view);

}  // namespace xylem::cli
