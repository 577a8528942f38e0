#include "object/attributes.hpp"
#include "object/file_header.hpp"
#include "object/file_mode.hpp"

namespace xylem::object {

Bytes serialize_bare_user_metadata(const FileHeader& header) {
  return serialize_attributes({header.uid, header.gid, header.mode, header.xattrs});
}

FileHeader parse_bare_user_metadata(ByteView bytes) {
  DirMeta stored = parse_attributes(bytes, parse_xattrs_object);
  validate_file_mode(stored.mode);
  return {stored.uid, stored.gid, stored.mode, {}, std::move(stored.xattrs)};
}

}  // namespace xylem::object
