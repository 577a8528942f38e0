#pragma once

#include <string>

#include "object/names/object_name.hpp"

namespace xylem::object {

/// Throws Error(Corrupt) unless `bytes` are a well-formed object of this metadata type that belongs
/// to the name: commit, dirtree and dirmeta hash to it, a tombstone says it, and detached metadata
/// could be anybody's. Throws Error(InvalidArgument) for other types.
void verify_metadata(const ObjectName& name, ByteView bytes);

/// As above, whatever the name.
void verify_metadata_structure(ObjectType type, ByteView bytes);

/// What a bad checksum is called, with both checksums, in libostree's words. Pure.
std::string checksum_mismatch(const ObjectName& name, const Checksum& actual);

}  // namespace xylem::object
