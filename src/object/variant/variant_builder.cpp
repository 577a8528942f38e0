#include "object/variant/variant_builder.hpp"

namespace xylem::object {

VariantBuilder::VariantBuilder(const char* type) {
  g_variant_builder_init(&builder_, G_VARIANT_TYPE(type));
}

VariantBuilder& VariantBuilder::add(const GVariantPtr& value) {
  g_variant_builder_add_value(&builder_, value.get());
  return *this;
}

VariantBuilder& VariantBuilder::add(const Dict& dict) {
  g_variant_builder_add_value(&builder_, dict.get());
  return *this;
}

VariantBuilder& VariantBuilder::add(std::string_view text) {
  return add(make_string(text));
}

VariantBuilder& VariantBuilder::add(const Checksum& checksum) {
  return add(make_byte_array(checksum.bytes()));
}

VariantBuilder& VariantBuilder::add_be32(std::uint32_t value) {
  return add(take_variant(g_variant_new_uint32(GUINT32_TO_BE(value))));
}

VariantBuilder& VariantBuilder::add_be64(std::uint64_t value) {
  return add(take_variant(g_variant_new_uint64(GUINT64_TO_BE(value))));
}

VariantBuilder& VariantBuilder::add_host64(std::uint64_t value) {
  return add(take_variant(g_variant_new_uint64(value)));
}

GVariantPtr VariantBuilder::finish() {
  return take_variant(g_variant_builder_end(&builder_));
}

}  // namespace xylem::object
