#include "cli/commands/refs_edit.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/text/ref_listing.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct RefsOptions {
  RefListing listing;
  bool remove = false;
  bool force = false;
  std::optional<std::string> create;
  std::vector<std::string> arguments;  ///< Prefixes, or the revision for --create.
};

void check(const RefsOptions& options) {
  if (options.create && options.arguments.size() > 1)
    throw UsageError("You must specify only 1 existing ref when creating a new ref");
  if (!options.arguments.empty()) return;
  if (options.remove) throw UsageError("At least one PREFIX is required when deleting refs");
  if (options.create) throw UsageError("You must specify a revision when creating a new ref");
}

void create(repo::Repo& repo, const RefsOptions& options) {
  const NewRef ref{*options.create, options.arguments.front(), options.force};
  if (options.listing.collections) return create_collection_ref(repo, ref);
  if (options.listing.aliases) return create_alias(repo, ref);
  create_ref(repo, ref);
}

void run(const Globals& globals, RefsOptions options) {
  check(options);
  repo::Repo repo =
      options.remove || options.create ? open_writable_repo(globals) : open_repo(globals);
  if (options.create) {
    create(repo, options);
    return repo::refresh_summary(repo);
  }
  if (options.arguments.empty()) options.arguments.emplace_back();
  for (const std::string& prefix : options.arguments) {
    if (!options.remove)
      print_refs(repo, options.listing, prefix);
    else if (options.listing.collections)
      delete_collection_refs(repo, prefix);
    else
      delete_refs(repo, prefix);
  }
  if (options.remove) repo::refresh_summary(repo);
}

}  // namespace

void add_refs(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<RefsOptions>();
  CLI::App* command = add_command(app, globals, "refs", "List refs", "[PREFIX]");
  add_flag(*command, "--delete", options->remove,
           "Delete refs which match PREFIX, rather than listing them");
  add_flag(*command, "--list", options->listing.full_names,
           "Do not remove the prefix from the refs");
  add_flag(*command, "-r,--revision", options->listing.revisions, "Show revisions in listing");
  add_flag(*command, "-A,--alias", options->listing.aliases,
           "If used with --create, create an alias, otherwise just list aliases");
  add_value(*command, "--create", options->create, "Create a new ref for an existing commit",
            "NEWREF");
  add_flag(*command, "-c,--collections", options->listing.collections,
           "Enable listing collection IDs for refs");
  add_flag(*command, "--force", options->force, "Overwrite existing refs when creating");
  add_arguments(*command, "arguments", options->arguments);
  on_run(*command, [=, &globals] { run(globals, *options); });
}

}  // namespace xylem::cli
