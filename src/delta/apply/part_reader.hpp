#pragma once

/// \file
/// From the file of a part to its payload.

#include "delta/apply/spool.hpp"
#include "delta/format/superblock.hpp"
#include "xylem/cancel.hpp"

namespace xylem::delta {

struct PartOptions {
  SpoolOptions spool;
  /// A payload of more bytes is refused. What a part claims about its objects says nothing about
  /// its payload, so this is for the disk.
  std::uint64_t max_payload = UINT64_MAX;
  CancelToken cancel{};
};

/// Reads `file`, which is a part with its first byte, to the end, and returns the payload. It may
/// be still on its way: nothing is read twice. Throws Error(Corrupt) unless the file is the one
/// that the header is of, before anything of the payload can be used.
std::unique_ptr<Spool> read_part(ByteSource& file, const PartHeader& header,
                                 const PartOptions& options);

}  // namespace xylem::delta
