#include "cli/commit/commit_metadata.hpp"

#include <fmt/format.h>

#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

GVariantPtr parse_value(const std::string& text, const std::string& what) {
  GError* raw_error = nullptr;
  GVariant* value = g_variant_parse(nullptr, text.c_str(), nullptr, nullptr, &raw_error);
  const GErrorPtr error(raw_error);
  if (error) throw UsageError(fmt::format("Parsing {}: {}", what, error->message));
  return take_variant(value);
}

/// A key is not empty: libostree refuses such a commit when it reads it.
std::pair<std::string, std::string> parse_metadata(const char* option, const std::string& text) {
  if (text.starts_with('='))
    throw UsageError(fmt::format("Empty metadata key in {} '{}'", option, text));
  return parse_key_value(option, text);
}

/// Entries in the order of libostree's command, which keeps those of the same key side by side: to
/// make one of them would be another commit.
class MetadataEntries {
 public:
  MetadataEntries() { g_variant_builder_init(&builder_, G_VARIANT_TYPE_VARDICT); }
  MetadataEntries(const MetadataEntries&) = delete;
  MetadataEntries& operator=(const MetadataEntries&) = delete;
  ~MetadataEntries() { g_variant_builder_clear(&builder_); }

  void add(const std::string& key, GVariant* value) {
    g_variant_builder_add(&builder_, "{sv}", key.c_str(), value);
  }
  object::Dict build() { return object::Dict(take_variant(g_variant_builder_end(&builder_))); }

 private:
  GVariantBuilder builder_{};
};

void add_strings(MetadataEntries& entries, const char* option,
                 const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    const auto [key, value] = parse_metadata(option, text);
    entries.add(key, g_variant_new_string(value.c_str()));
  }
}

/// The last of a key counts, as for libostree's command; null if there is none.
GVariantPtr find_last(const object::Dict& metadata, const std::string& key) {
  for (gsize index = g_variant_n_children(metadata.get()); index > 0; --index) {
    const GVariantPtr entry(g_variant_get_child_value(metadata.get(), index - 1));
    const GVariantPtr name(g_variant_get_child_value(entry.get(), 0));
    if (g_variant_get_string(name.get(), nullptr) != key) continue;
    const GVariantPtr boxed(g_variant_get_child_value(entry.get(), 1));
    return GVariantPtr(g_variant_get_variant(boxed.get()));
  }
  return nullptr;
}

void add_kept(MetadataEntries& entries, const repo::Repo& repo, const Checksum& parent,
              const std::vector<std::string>& keys) {
  const object::Dict metadata = repo.load_commit(parent).metadata;
  for (const std::string& key : keys) {
    const GVariantPtr value = find_last(metadata, key);
    if (!value)
      throw Error(ErrorKind::NotFound,
                  fmt::format("Missing metadata key '{}' from commit '{}'", key, parent.hex()));
    entries.add(key, value.get());
  }
}

}  // namespace

object::Dict commit_metadata(const repo::Repo& repo, const CommitOptions& options,
                             const std::optional<Checksum>& parent) {
  MetadataEntries entries;
  add_strings(entries, "--add-metadata-string", options.metadata_strings);
  for (const std::string& text : options.metadata_variants) {
    const auto [key, value] = parse_metadata("--add-metadata", text);
    entries.add(key, parse_value(value, text).get());
  }
  if (options.keep_metadata.empty()) return entries.build();
  if (!parent)
    throw UsageError("Either --branch or --parent must be specified when using --keep-metadata");
  add_kept(entries, repo, *parent, options.keep_metadata);
  return entries.build();
}

object::Dict detached_metadata(const CommitOptions& options) {
  MetadataEntries entries;
  add_strings(entries, "--add-detached-metadata-string", options.detached_strings);
  return entries.build();
}

}  // namespace xylem::cli
