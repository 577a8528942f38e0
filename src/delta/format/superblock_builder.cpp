#include "delta/format/superblock.hpp"
#include "object/variant/variant_builder.hpp"

namespace xylem::delta {

using object::ObjectName;

namespace {

constexpr char commit_type[] = "(a{sv}aya(say)sstayay)";
constexpr char part_type[] = "(uayttay)";
constexpr char fallback_type[] = "(yaytt)";

GVariantPtr variant_of(std::uint32_t number) {
  return take_variant(g_variant_new_uint32(number));
}

GVariantPtr variant_of(std::uint64_t number) {
  return take_variant(g_variant_new_uint64(number));
}

GVariantPtr variant_of(std::uint8_t number) {
  return take_variant(g_variant_new_byte(number));
}

GVariantPtr build_part(const PartHeader& part, ByteOrder order) {
  Bytes objects;
  for (const ObjectName& name : part.objects) {
    objects.push_back(static_cast<std::uint8_t>(name.type));
    objects.insert(objects.end(), name.checksum.bytes().begin(), name.checksum.bytes().end());
  }
  return object::VariantBuilder(part_type)
      .add(variant_of(GUINT32_FROM_LE(reordered(part.version, order))))
      .add(part.checksum)
      .add(variant_of(GUINT64_FROM_LE(reordered(part.size, order))))
      .add(variant_of(GUINT64_FROM_LE(reordered(part.content_size, order))))
      .add(object::make_byte_array(objects))
      .finish();
}

GVariantPtr build_fallback(const Fallback& fallback, ByteOrder order) {
  return object::VariantBuilder(fallback_type)
      .add(variant_of(static_cast<std::uint8_t>(fallback.object.type)))
      .add(fallback.object.checksum)
      .add(variant_of(GUINT64_FROM_LE(reordered(fallback.stored_size, order))))
      .add(variant_of(GUINT64_FROM_LE(reordered(fallback.content_size, order))))
      .finish();
}

template <typename Entry>
GVariantPtr build_list(const char* type, const std::vector<Entry>& entries, ByteOrder order,
                       GVariantPtr (*build)(const Entry&, ByteOrder)) {
  object::VariantBuilder list(type);
  for (const Entry& entry : entries) list.add(build(entry, order));
  return list.finish();
}

}  // namespace

Bytes serialize_superblock(const Superblock& superblock) {
  const ByteView from = superblock.from ? superblock.from->bytes() : ByteView();
  const GVariantPtr variant =
      object::VariantBuilder(superblock_type)
          .add(superblock.metadata)
          .add_be64(superblock.timestamp)
          .add(object::make_byte_array(from))
          .add(superblock.to)
          .add(object::parse_variant(commit_type, superblock.commit, "commit"))
          .add(object::make_byte_array({}))
          .add(build_list("a(uayttay)", superblock.parts, superblock.order, build_part))
          .add(build_list("a(yaytt)", superblock.fallbacks, superblock.order, build_fallback))
          .finish();
  return object::serialize_variant(variant.get());
}

}  // namespace xylem::delta
