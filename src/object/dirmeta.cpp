#include "object/dirtree.hpp"
#include "object/file_mode.hpp"
#include "object/variant.hpp"
#include "object/variant_builder.hpp"

namespace xylem::object {

namespace {

constexpr char dirmeta_type[] = "(uuua(ayay))";

}  // namespace

DirMeta parse_dirmeta(ByteView bytes) {
  const GVariantPtr variant = borrow_variant(dirmeta_type, bytes, "dirmeta");
  DirMeta meta;
  meta.uid = be32_child(variant.get(), 0);
  meta.gid = be32_child(variant.get(), 1);
  meta.mode = be32_child(variant.get(), 2);
  meta.xattrs = parse_sorted_xattrs(child(variant.get(), 3).get());
  validate_dir_mode(meta.mode);
  return meta;
}

Bytes serialize_dirmeta(const DirMeta& meta) {
  Xattrs sorted = meta.xattrs;
  canonicalize(sorted);
  return serialize_variant(VariantBuilder(dirmeta_type)
                               .add_be32(meta.uid)
                               .add_be32(meta.gid)
                               .add_be32(meta.mode)
                               .add(build_xattrs(sorted))
                               .finish()
                               .get());
}

}  // namespace xylem::object
