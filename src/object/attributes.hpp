#pragma once

#include "object/dirtree.hpp"

namespace xylem::object {

/// Owner, mode and extended attributes as `(uuua(ayay))`: directories have them so, and files in a
/// bare-user repository. Nothing is checked of the mode. Throws Error(Corrupt).
DirMeta parse_attributes(ByteView bytes, Xattrs (*parse_list)(ByteView));

/// Sorts the extended attributes.
Bytes serialize_attributes(DirMeta attributes);

}  // namespace xylem::object
