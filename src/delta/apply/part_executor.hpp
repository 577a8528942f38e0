#pragma once

/// \file
/// Room `delta/apply`: the parts of a static delta on their way into a transaction: decompressed,
/// executed, checked, staged. Knows nothing of networks, of where a part's file comes from.
///
/// Makes the objects of a part: its operations, one after the other, over its payload.

#include "delta/apply/part_store.hpp"
#include "delta/format/payload.hpp"
#include "delta/format/superblock.hpp"
#include "xylem/cancel.hpp"

namespace xylem::delta {

struct PartOutcome {
  std::uint64_t made = 0;     ///< Objects.
  std::uint64_t present = 0;  ///< Objects that were here already.
  bool operator==(const PartOutcome&) const = default;
};

/// Makes all objects that the header lists, in that order, or throws Error(Corrupt). An object that
/// was made stays, whatever comes of the next ones. Error(NotFound) means that a file is not here
/// that the part reads from; one that is here and damaged is told apart from a bad delta, with its
/// name in details().object. Takes a few buffers of memory, whatever the sizes, and metadata
/// objects as a whole.
PartOutcome execute_part(const PartHeader& header, const RandomSource& payload, PartStore& store,
                         const CancelToken& cancel = {});

}  // namespace xylem::delta
