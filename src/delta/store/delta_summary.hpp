#pragma once

#include <array>

#include "delta/apply/delta_file.hpp"
#include "repo/repo.hpp"

namespace xylem::delta {

/// How often each operation is there, in the order of libostree's statistics.
struct OperationCounts {
  std::uint64_t splice = 0;
  std::uint64_t open = 0;
  std::uint64_t write = 0;
  std::uint64_t set_read_source = 0;
  std::uint64_t unset_read_source = 0;
  std::uint64_t close = 0;
  std::uint64_t patch = 0;
};

/// What is in a part.
struct PartSummary {
  std::uint64_t attributes = 0;  ///< Sets of owner and mode.
  std::uint64_t xattrs = 0;      ///< Lists of extended attributes.
  std::uint64_t payload_size = 0;
  std::uint64_t blob_size = 0;
  std::uint64_t operations_size = 0;
  OperationCounts operations;
};

/// Reads and checks the part. `spool_dir` is where a large payload goes; borrowed. Throws
/// Error(NotFound), Error(Corrupt).
PartSummary summarize_part(const DeltaFile& delta, std::size_t index, FileDescriptor spool_dir);

}  // namespace xylem::delta
