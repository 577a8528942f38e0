#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "object/names/object_name.hpp"

namespace xylem::object {

/// A file of an archive repository.
struct StoredObject {
  ObjectName name;
  Bytes bytes;
};

/// All objects of an archive repository's `objects` directory.
std::vector<StoredObject> read_objects(const std::string& directory);

/// As above, of a directory that has them flat, named "<checksum>.<extension>".
std::vector<StoredObject> read_flat_objects(const std::string& directory);

/// What libostree 2022.7 wrote; see tests/data/ostree-2022.7/README.md.
const std::vector<StoredObject>& golden_objects();
/// The one golden object whose checksum starts so.
const Bytes& golden(std::string_view prefix, ObjectType type);
Bytes golden_summary();

/// Parses the object (of a `.filez`: its front part) and returns what we would write for it.
Bytes rewritten(const StoredObject& object);

/// The checksum that is the object's name if it is sound: for a `.filez`, that of its content.
Checksum recomputed(const StoredObject& object);

/// The object whole, or the front part of a `.filez`.
ByteView header_of(const StoredObject& object);

}  // namespace xylem::object
