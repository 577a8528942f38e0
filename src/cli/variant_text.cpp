#include "cli/variant_text.hpp"

#include <bit>

namespace xylem::cli {

std::string variant_text(GVariant* value, bool byteswap) {
  const bool swap = byteswap && std::endian::native == std::endian::little;
  const GVariantPtr swapped(swap ? g_variant_byteswap(value) : g_variant_ref(value));
  return GStringPtr(g_variant_print(swapped.get(), TRUE)).get();
}

}  // namespace xylem::cli
