#include "object/attributes.hpp"
#include "object/dirtree.hpp"
#include "object/file_mode.hpp"

namespace xylem::object {

DirMeta parse_dirmeta(ByteView bytes) {
  DirMeta meta = parse_attributes(bytes, parse_sorted_xattrs_object);
  validate_dir_mode(meta.mode);
  return meta;
}

Bytes serialize_dirmeta(const DirMeta& meta) {
  return serialize_attributes(meta);
}

}  // namespace xylem::object
