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

void add_strings(object::DictBuilder& builder, const char* option,
                 const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    const auto [key, value] = parse_metadata(option, text);
    builder.append(key, std::string_view(value));
  }
}

void add_kept(object::DictBuilder& builder, const repo::Repo& repo, const Checksum& parent,
              const std::vector<std::string>& keys) {
  const object::Dict metadata = repo.load_commit(parent).metadata;
  for (const std::string& key : keys) {
    GVariantPtr value = metadata.find_last(key.c_str());  // As libostree does.
    if (!value)
      throw Error(ErrorKind::NotFound,
                  fmt::format("Missing metadata key '{}' from commit '{}'", key, parent.hex()));
    builder.append(key, std::move(value));
  }
}

}  // namespace

// What is given twice is kept twice, as libostree does: the commit's checksum covers it.
object::Dict commit_metadata(const repo::Repo& repo, const CommitOptions& options,
                             const std::optional<Checksum>& parent) {
  object::DictBuilder builder;
  add_strings(builder, "--add-metadata-string", options.metadata_strings);
  for (const std::string& text : options.metadata_variants) {
    const auto [key, value] = parse_metadata("--add-metadata", text);
    builder.append(key, parse_value(value, text));
  }
  if (options.keep_metadata.empty()) return builder.build();
  if (!parent)
    throw UsageError("Either --branch or --parent must be specified when using --keep-metadata");
  add_kept(builder, repo, *parent, options.keep_metadata);
  return builder.build();
}

object::Dict detached_metadata(const CommitOptions& options) {
  object::DictBuilder builder;
  add_strings(builder, "--add-detached-metadata-string", options.detached_strings);
  return builder.build();
}

}  // namespace xylem::cli
