#include <fmt/format.h>

#include "cli/remote/cmd_remote.hpp"
#include "cli/remote/remote_fetch.hpp"
#include "cli/text/signature_text.hpp"
#include "cli/text/summary_text.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct RemoteSummaryOptions {
  RemoteFetchOptions fetch;
  SummaryView view;
};

/// A view of everything ends with what is known of the signature.
void run(const CLI::App& command, const Globals& globals, const RemoteSummaryOptions& options) {
  const repo::SummaryFiles files = fetch_summary(command, globals, options.fetch);
  print_summary(files.summary, options.view);
  if (options.view.list_metadata_keys || !options.view.metadata_key.empty()) return;
  const repo::Repo repo = open_repo(globals);
  fmt::print("{}", summary_signatures_text(repo, repo.remote(*options.fetch.name), files));
}

}  // namespace

void add_remote_summary(CLI::App& remote, Globals& globals) {
  auto options = std::make_shared<RemoteSummaryOptions>();
  CLI::App* command = add_command(remote, globals, "summary", "Show remote summary", "NAME");
  add_flag(*command, "--list-metadata-keys", options->view.list_metadata_keys,
           "List the available metadata keys");
  add_value(*command, "--print-metadata-key", options->view.metadata_key,
            "Print string value of metadata key", "KEY");
  add_flag(*command, "--raw", options->view.raw, "Show raw variant data");
  add_fetch_options(*command, options->fetch);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
