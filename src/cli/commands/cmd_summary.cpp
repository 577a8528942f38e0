#include <fmt/format.h>

#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "cli/shared/metadata_commit.hpp"
#include "cli/shared/signing.hpp"
#include "cli/text/summary_text.hpp"
#include "object/commit.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

constexpr std::uint64_t summary_size_limit = 1ULL << 30;

struct SummaryOptions {
  bool update = false;
  bool view = false;
  SummaryView shown;
  std::vector<std::string> metadata;  ///< KEY=VALUE of --add-metadata.
  SigningOptions signing;
};

GVariantPtr parse_value(const std::string& text) {
  GError* error = nullptr;
  GVariantPtr value(g_variant_parse(nullptr, text.c_str(), nullptr, nullptr, &error));
  const GErrorPtr owned(error);
  if (!value) throw UsageError(fmt::format("Error parsing variant ‘{}’: {}", text, owned->message));
  return value;
}

object::Dict additional_metadata(const std::vector<std::string>& arguments) {
  object::DictBuilder builder;
  for (const std::string& argument : arguments) {
    const auto [name, value] = parse_key_value("--add-metadata", argument);
    builder.set(name, parse_value(value));
  }
  return builder.build();
}

Bytes read_local_summary(const repo::Repo& repo) {
  auto bytes = repo::read_summary(repo, summary_size_limit);
  if (!bytes)
    throw Error(ErrorKind::NotFound, "openat(summary): No such file or directory")
        .hint("Create one with `xylem summary -u`.");
  return *std::move(bytes);
}

repo::SummarySigner signer(const SigningOptions& options) {
  if (options.empty()) return {};
  return [options](ByteView summary) {
    return object::serialize_dict_object(add_signatures({}, summary, options));
  };
}

void run(const Globals& globals, const SummaryOptions& options) {
  if (options.update) {
    repo::Repo repo = open_writable_repo(globals);
    const object::Dict metadata = additional_metadata(options.metadata);
    commit_summary_metadata(repo, metadata, options.signing);
    return repo::update_summary(repo, metadata, signer(options.signing));
  }
  const SummaryView& shown = options.shown;
  if (!options.view && !shown.raw && !shown.list_metadata_keys && shown.metadata_key.empty())
    throw UsageError("No option specified; use -u to update summary");
  print_summary(read_local_summary(open_repo(globals)), shown);
}

}  // namespace

void add_summary(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<SummaryOptions>();
  CLI::App* command = add_command(app, globals, "summary", "Manage summary metadata");
  add_flag(*command, "-u,--update", options->update, "Update the summary");
  add_flag(*command, "-v,--view", options->view, "View the local summary file");
  add_flag(*command, "--raw", options->shown.raw, "View the raw bytes of the summary file");
  add_flag(*command, "--list-metadata-keys", options->shown.list_metadata_keys,
           "List the available metadata keys");
  add_value(*command, "--print-metadata-key", options->shown.metadata_key,
            "Print string value of metadata key", "KEY");
  add_signing_options(*command, options->signing, "summary");
  add_list(*command, "-m,--add-metadata", options->metadata,
           "Additional metadata field to add to the summary", "KEY=VALUE");
  on_run(*command, [=, &globals] { run(globals, *options); });
}

}  // namespace xylem::cli
