#pragma once

/// \file
/// Owners for the GLib things that xylem uses.

#include <glib.h>

#include <memory>
#include <string>

namespace xylem {

struct GlibFree {
  void operator()(void* memory) const { g_free(memory); }
  void operator()(GVariant* variant) const { g_variant_unref(variant); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(GKeyFile* file) const { g_key_file_unref(file); }
  void operator()(GBytes* bytes) const { g_bytes_unref(bytes); }
  void operator()(GVariantType* type) const { g_variant_type_free(type); }
  void operator()(GDateTime* time) const { g_date_time_unref(time); }
};

using GVariantPtr = std::unique_ptr<GVariant, GlibFree>;
using GErrorPtr = std::unique_ptr<GError, GlibFree>;
using GKeyFilePtr = std::unique_ptr<GKeyFile, GlibFree>;
using GBytesPtr = std::unique_ptr<GBytes, GlibFree>;
using GDateTimePtr = std::unique_ptr<GDateTime, GlibFree>;
using GStringPtr = std::unique_ptr<gchar, GlibFree>;

/// Takes a floating or a full reference.
inline GVariantPtr take_variant(GVariant* variant) {
  return GVariantPtr(g_variant_take_ref(variant));
}

/// Another reference to the same value.
inline GVariantPtr share(const GVariantPtr& variant) {
  return GVariantPtr(variant ? g_variant_ref(variant.get()) : nullptr);
}

}  // namespace xylem
