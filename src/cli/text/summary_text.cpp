#include "cli/text/summary_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/printable.hpp"
#include "cli/frame/out.hpp"
#include "cli/progress/progress_text.hpp"
#include "cli/text/variant_text.hpp"
#include "object/summary.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

namespace key = object::summary_key;

/// A value with its name for people; both null for a key that we know nothing about.
struct Field {
  const char* label;
  std::string value;
};

std::string plain_text(GVariant* value) {
  return g_variant_is_of_type(value, G_VARIANT_TYPE_STRING) ? printable(object::text_of(value))
                                                            : plain_variant_text(value);
}

std::string time_text(GVariant* value) {
  if (!g_variant_is_of_type(value, G_VARIANT_TYPE_UINT64)) return "invalid";
  return iso8601_text(GUINT64_FROM_BE(g_variant_get_uint64(value)));
}

std::string yes_or_no(GVariant* value) {
  const bool yes =
      g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN) && g_variant_get_boolean(value) != 0;
  return yes ? "Yes" : "No";
}

std::optional<Field> describe(const std::string& name, GVariant* value) {
  if (name == key::static_deltas) return Field{"Static Deltas", plain_variant_text(value)};
  if (name == key::last_modified) return Field{"Last-Modified", time_text(value)};
  if (name == key::expires) return Field{"Expires", time_text(value)};
  if (name == key::collection_id) return Field{"Collection ID", plain_text(value)};
  if (name == key::collection_map) return Field{"Collection Map", "(printed above)"};
  if (name == key::mode) return Field{"Repository Mode", plain_text(value)};
  if (name == key::tombstone_commits) return Field{"Has Tombstone Commits", yes_or_no(value)};
  if (name == key::commit_timestamp) return Field{"Timestamp", time_text(value)};
  if (name == key::commit_version) return Field{"Version", plain_text(value)};
  return std::nullopt;
}

void print_fields(const object::Dict& metadata, std::string_view indent) {
  for (const std::string& name : metadata.keys()) {
    const GVariantPtr value = metadata.find(name.c_str());
    if (const auto field = describe(name, value.get()))
      fmt::print("{}{} ({}): {}\n", indent, field->label, name, field->value);
    else
      fmt::print("{}{}: {}\n", indent, printable(name), plain_variant_text(value.get()));
  }
}

void print_refs(const std::optional<std::string>& collection,
                const std::vector<object::SummaryRef>& refs) {
  for (const object::SummaryRef& ref : refs) {
    fmt::print("* {}\n", collection ? fmt::format("({}, {})", *collection, ref.ref) : ref.ref);
    fmt::print("    Latest Commit ({}):\n      {}\n", format_size(ref.commit_size),
               ref.commit.hex());
    print_fields(ref.metadata, "    ");
    fmt::print("\n");
  }
}

void print_keys(const object::Dict& metadata) {
  std::vector<std::string> keys = metadata.keys();
  std::ranges::sort(keys);
  for (const std::string& name : keys) print_names(name);
}

void print_key(const object::Dict& metadata, const std::string& name) {
  const GVariantPtr value = metadata.find(name.c_str());
  if (!value) throw Error(ErrorKind::NotFound, fmt::format("No such metadata key '{}'", name));
  fmt::print("{}\n", variant_text(value.get(), true));
}

void print_raw(ByteView bytes) {
  const GVariantPtr summary = object::parse_variant("(a(s(taya{sv}))a{sv})", bytes, "summary");
  fmt::print("{}\n", variant_text(summary.get(), true));
}

}  // namespace

void print_summary(ByteView bytes, const SummaryView& view) {
  const object::Summary summary = object::parse_summary(bytes);
  if (view.list_metadata_keys) return print_keys(summary.metadata);
  if (!view.metadata_key.empty()) return print_key(summary.metadata, view.metadata_key);
  if (view.raw) return print_raw(bytes);
  print_refs(summary.collection_id(), summary.refs);
  for (const auto& [collection, refs] : summary.collection_map) print_refs(collection, refs);
  print_fields(summary.metadata, "");
}

}  // namespace xylem::cli
