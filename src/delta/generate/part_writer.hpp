#pragma once

#include "base/codec/xz.hpp"
#include "delta/generate/payload_source.hpp"

namespace xylem::delta {

struct WrittenPart {
  PartHeader header;
  std::uint64_t payload_size = 0;
};

/// Compresses the payload into a new file. Throws Error(NoSpace), Error(Io), and what reading does.
WrittenPart write_part(const PathAt& file, const PartPlan& plan, PayloadSource& payload,
                       const XzBlocks& blocks);

}  // namespace xylem::delta
