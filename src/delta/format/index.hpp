#pragma once

/// \file
/// Which deltas a server offers: `a{sv}` from the name of each to the checksum of its superblock,
/// under `ostree.static-deltas` in a summary, or in an index, which has those to one commit.

#include <vector>

#include "delta/format/delta_name.hpp"
#include "object/variant/variant.hpp"

namespace xylem::delta {

/// A delta, and the checksum of its superblock as it is stored (of the envelope if it is signed).
struct DeltaEntry {
  DeltaName name;
  Checksum superblock;
  bool operator==(const DeltaEntry&) const = default;
};

/// What a summary's metadata or an index lists, in its order. An entry that cannot be of a delta is
/// passed over: somebody else may know what it is for.
std::vector<DeltaEntry> listed_deltas(const object::Dict& metadata);
/// As above, from the bytes of an index. Throws Error(Corrupt).
std::vector<DeltaEntry> parse_delta_index(ByteView bytes);

/// `a{sv}`: name of each delta, and the checksum of its superblock as `ay`, in the order given.
GVariantPtr build_delta_digests(const std::vector<DeltaEntry>& deltas);
Bytes serialize_delta_index(const std::vector<DeltaEntry>& deltas);

}  // namespace xylem::delta
