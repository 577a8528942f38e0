#include "object/variant/variant.hpp"

#include <fmt/format.h>

#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

void require_normal_form(GVariant* variant, const char* type, std::string_view what) {
  // GLib takes no bytes at all for a tuple of empty arrays, although that has framing offsets.
  const bool missing = g_variant_get_size(variant) == 0 && *type != 'a';
  if (missing || !g_variant_is_normal_form(variant))
    throw Error(ErrorKind::Corrupt,
                fmt::format("The {} is damaged: not a GVariant {} in normal form", what, type));
}

}  // namespace

GVariantPtr parse_variant(const char* type, ByteView bytes, std::string_view what) {
  const GBytesPtr copy(g_bytes_new(bytes.data(), bytes.size()));
  GVariantPtr variant =
      take_variant(g_variant_new_from_bytes(G_VARIANT_TYPE(type), copy.get(), false));
  require_normal_form(variant.get(), type, what);
  return variant;
}

GVariantPtr borrow_variant(const char* type, ByteView bytes, std::string_view what) {
  GVariantPtr variant = take_variant(g_variant_new_from_data(
      G_VARIANT_TYPE(type), bytes.data(), bytes.size(), false, nullptr, nullptr));
  require_normal_form(variant.get(), type, what);
  return variant;
}

Bytes serialize_variant(GVariant* variant) {
  Bytes bytes(g_variant_get_size(variant));
  g_variant_store(variant, bytes.data());
  return bytes;
}

GVariantPtr child(GVariant* container, std::size_t index) {
  return GVariantPtr(g_variant_get_child_value(container, index));
}

std::uint64_t be64_child(GVariant* container, std::size_t index) {
  return GUINT64_FROM_BE(g_variant_get_uint64(child(container, index).get()));
}

std::string_view text_of(GVariant* string) {
  gsize size = 0;
  const gchar* text = g_variant_get_string(string, &size);
  return {text, size};
}

ByteView bytes_of(GVariant* byte_array) {
  gsize size = 0;
  const void* data = g_variant_get_fixed_array(byte_array, &size, 1);
  return {static_cast<const std::uint8_t*>(data), size};
}

GVariantPtr make_byte_array(ByteView bytes) {
  return take_variant(
      g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes.data(), bytes.size(), 1));
}

GVariantPtr make_string(std::string_view text) {
  require_utf8(text);
  return take_variant(g_variant_new_take_string(g_strndup(text.data(), text.size())));
}

Checksum checksum_of(GVariant* byte_array, std::string_view what) {
  const ByteView bytes = bytes_of(byte_array);
  if (const auto checksum = Checksum::from_bytes(bytes)) return *checksum;
  throw Error(ErrorKind::Corrupt,
              fmt::format("The {} has {} bytes instead of {}", what, bytes.size(), Checksum::size));
}

}  // namespace xylem::object
