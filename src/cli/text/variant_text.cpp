#include "cli/text/variant_text.hpp"

#include <bit>

namespace xylem::cli {

std::string variant_text(GVariant* value, bool byteswap) {
  const bool swap = byteswap && std::endian::native == std::endian::little;
  const GVariantPtr swapped(swap ? g_variant_byteswap(value) : g_variant_ref(value));
  return GStringPtr(g_variant_print(swapped.get(), TRUE)).get();
}

std::string plain_variant_text(GVariant* value) {
  return GStringPtr(g_variant_print(value, FALSE)).get();
}

std::string iso8601_text(std::uint64_t seconds) {
  const GDateTimePtr local(g_date_time_new_from_unix_local(static_cast<gint64>(seconds)));
  if (!local) return "invalid";
  return GStringPtr(g_date_time_format(local.get(), "%FT%T%:::z")).get();
}

}  // namespace xylem::cli
