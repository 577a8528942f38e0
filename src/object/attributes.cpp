#include "object/attributes.hpp"

#include "object/variant/framing.hpp"

namespace xylem::object {

namespace {

constexpr std::size_t uid_at = 0;
constexpr std::size_t gid_at = 4;
constexpr std::size_t mode_at = 8;
constexpr std::size_t xattrs_at = 12;

}  // namespace

DirMeta parse_attributes(ByteView bytes, Xattrs (*parse_list)(ByteView)) {
  const auto [list] = framing::split_tuple<1>(bytes, xattrs_at);
  return {framing::be32(bytes, uid_at), framing::be32(bytes, gid_at), framing::be32(bytes, mode_at),
          parse_list(list)};
}

Bytes serialize_attributes(DirMeta attributes) {
  canonicalize(attributes.xattrs);
  Bytes bytes;
  framing::append_be32(bytes, attributes.uid);
  framing::append_be32(bytes, attributes.gid);
  framing::append_be32(bytes, attributes.mode);
  append_xattrs(bytes, attributes.xattrs);
  return bytes;
}

}  // namespace xylem::object
