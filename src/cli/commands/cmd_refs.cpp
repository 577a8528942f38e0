#include <algorithm>

#include "base/error_list.hpp"
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
  std::optional<std::string> expect;
  std::vector<std::string> arguments;  ///< Prefixes, or the revision for --create.
};

void check(const RefsOptions& options) {
  if (options.create && options.arguments.size() > 1)
    throw UsageError("You must specify only 1 existing ref when creating a new ref");
  if (options.expect && !options.create) throw UsageError("--expect goes with --create");
  if (options.remove &&
      std::ranges::find(options.arguments, std::string()) != options.arguments.end())
    throw UsageError("A PREFIX must not be empty: that would delete all refs");
  if (!options.arguments.empty()) return;
  if (options.remove) throw UsageError("At least one PREFIX is required when deleting refs");
  if (options.create) throw UsageError("You must specify a revision when creating a new ref");
}

void create(repo::Repo& repo, const RefsOptions& options) {
  const NewRef ref{*options.create, options.arguments.front(), options.force,
                   parse_expected(repo, options.expect)};
  if (options.listing.collections) return create_collection_ref(repo, ref);
  if (options.listing.aliases) return create_alias(repo, ref);
  create_ref(repo, ref);
}

void change(repo::Repo& repo, const RefsOptions& options) {
  if (options.create) return create(repo, options);
  if (options.listing.collections) return delete_collection_refs(repo, options.arguments);
  delete_refs(repo, options.arguments);
}

void print(const repo::Repo& repo, RefsOptions options) {
  if (options.arguments.empty()) options.arguments.emplace_back();
  ErrorList unreadable;
  for (const std::string& prefix : options.arguments)
    unreadable.add(print_refs(repo, options.listing, prefix));
  unreadable.throw_if_any("Some refs could not be read");
}

void run(const Globals& globals, RefsOptions options) {
  check(options);
  repo::Repo repo =
      options.remove || options.create ? open_writable_repo(globals) : open_repo(globals);
  if (options.create || options.remove) {
    change(repo, options);
    return repo::refresh_summary(repo);
  }
  print(repo, std::move(options));
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
  may_be_empty(add_value(
      *command, "--expect", options->expect,
      "With --create, replace a ref only if it is at COMMIT now (empty: if there is none)",
      "COMMIT"));
  may_be_empty(add_arguments(*command, "arguments", options->arguments));
  on_run(*command, [=, &globals] { run(globals, *options); });
}

}  // namespace xylem::cli
