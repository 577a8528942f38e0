#pragma once

#include "object/object_name.hpp"

namespace xylem::object {

/// Throws Error(Corrupt) unless `bytes` are a well-formed object of this metadata type, and, for
/// commit, dirtree and dirmeta, hash to the name.
void verify_metadata(const ObjectName& name, ByteView bytes);

/// As above, without comparing the checksum.
void verify_metadata_structure(ObjectType type, ByteView bytes);

}  // namespace xylem::object
