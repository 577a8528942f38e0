#include "delta/format/index.hpp"

#include "object/commit.hpp"
#include "object/summary.hpp"

namespace xylem::delta {

std::vector<DeltaEntry> listed_deltas(const object::Dict& metadata) {
  std::vector<DeltaEntry> deltas;
  const GVariantPtr digests = metadata.find(object::summary_key::static_deltas, "a{sv}");
  if (!digests) return deltas;
  const std::size_t count = g_variant_n_children(digests.get());
  for (std::size_t i = 0; i < count; ++i) {
    const GVariantPtr entry = object::child(digests.get(), i);
    const GVariantPtr key = object::child(entry.get(), 0);
    const GVariantPtr boxed = object::child(entry.get(), 1);
    const GVariantPtr value(g_variant_get_variant(boxed.get()));
    if (!g_variant_is_of_type(value.get(), G_VARIANT_TYPE_BYTESTRING)) continue;
    const auto name = parse_delta_name(object::text_of(key.get()));
    const auto superblock = Checksum::from_bytes(object::bytes_of(value.get()));
    if (name && superblock) deltas.push_back({*name, *superblock});
  }
  return deltas;
}

std::vector<DeltaEntry> parse_delta_index(ByteView bytes) {
  return listed_deltas(object::parse_dict_object(bytes, "delta index"));
}

GVariantPtr build_delta_digests(const std::vector<DeltaEntry>& deltas) {
  object::DictBuilder digests;
  for (const DeltaEntry& delta : deltas)
    digests.set(delta.name.text(), object::make_byte_array(delta.superblock.bytes()));
  return GVariantPtr(g_variant_ref(digests.build().get()));
}

Bytes serialize_delta_index(const std::vector<DeltaEntry>& deltas) {
  object::DictBuilder index;
  index.set(object::summary_key::static_deltas, build_delta_digests(deltas));
  return object::serialize_dict_object(index.build());
}

}  // namespace xylem::delta
