#pragma once

#include <cstdint>

#include "xylem/pull.hpp"

namespace xylem::pull {

/// How far a pull is. Belongs to the pull's executor: no locking.
struct Counters {
  PullProgress::Phase phase = PullProgress::Phase::Resolving;
  std::uint64_t metadata_requested = 0;
  std::uint64_t metadata_fetched = 0;
  std::uint64_t metadata_imported = 0;
  std::uint64_t metadata_scanned = 0;
  std::uint64_t content_requested = 0;
  std::uint64_t content_fetched = 0;
  std::uint64_t content_imported = 0;
  std::uint64_t content_bytes_requested = 0;  ///< As far as sizes are known.
  std::uint64_t content_bytes_done = 0;       ///< Of these, fetched or imported.
  std::uint64_t content_bytes_fetched = 0;    ///< Of the files fetched, as they were sent.
  std::uint64_t delta_parts_requested = 0;    ///< Inline ones, too.
  std::uint64_t delta_parts_fetched = 0;
  std::uint64_t delta_bytes_requested = 0;  ///< Of their files.
  std::uint64_t delta_bytes_done = 0;       ///< Of these, fetched, or given up.
  std::uint64_t delta_content_bytes = 0;    ///< Of their objects, inflated.
};

}  // namespace xylem::pull
