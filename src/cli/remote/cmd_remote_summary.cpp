#include "cli/remote/cmd_remote.hpp"
#include "cli/remote/remote_fetch.hpp"
#include "cli/text/summary_text.hpp"

namespace xylem::cli {

namespace {

struct RemoteSummaryOptions {
  RemoteFetchOptions fetch;
  SummaryView view;
};

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
  on_run(*command, [=, &globals] {
    print_summary(fetch_summary(*command, globals, options->fetch), options->view);
  });
}

}  // namespace xylem::cli
