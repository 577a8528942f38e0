#pragma once

#include <string_view>

#include "base/codec/checksum.hpp"
#include "base/glib.hpp"
#include "object/variant/variant.hpp"

namespace xylem::object {

/// Builds a tuple, an array or a dictionary entry, child by child. The children must be what `type`
/// says, in number too for a tuple.
class VariantBuilder {
 public:
  explicit VariantBuilder(const char* type);
  VariantBuilder(const VariantBuilder&) = delete;
  VariantBuilder& operator=(const VariantBuilder&) = delete;
  ~VariantBuilder() { g_variant_builder_clear(&builder_); }

  VariantBuilder& add(const GVariantPtr& value);
  VariantBuilder& add(const Dict& dict);
  /// An `s`; throws Error(InvalidArgument) unless `text` is UTF-8 without NUL.
  VariantBuilder& add(std::string_view text);
  /// An `ay` of 32 bytes.
  VariantBuilder& add(const Checksum& checksum);
  /// A `u` or a `t`, stored big-endian.
  VariantBuilder& add_be32(std::uint32_t value);
  VariantBuilder& add_be64(std::uint64_t value);
  /// A `t`, stored as this machine has it.
  VariantBuilder& add_host64(std::uint64_t value);
  /// Call once, at the end.
  GVariantPtr finish();

 private:
  GVariantBuilder builder_{};
};

}  // namespace xylem::object
