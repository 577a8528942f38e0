#include <fmt/format.h>

#include "cli/remote/cmd_remote.hpp"
#include "cli/remote/remote_fetch.hpp"
#include "object/summary.hpp"

namespace xylem::cli {

namespace {

struct RemoteRefsOptions {
  RemoteFetchOptions fetch;
  bool revisions = false;
};

void run(const CLI::App& command, const Globals& globals, const RemoteRefsOptions& options) {
  const Bytes bytes = fetch_summary(command, globals, options.fetch).summary;
  for (const object::SummaryRef& ref : object::parse_summary(bytes).refs)
    fmt::print("{}:{}{}\n", *options.fetch.name, ref.ref,
               options.revisions ? "\t" + ref.commit.hex() : "");
}

}  // namespace

void add_remote_refs(CLI::App& remote, Globals& globals) {
  auto options = std::make_shared<RemoteRefsOptions>();
  CLI::App* command = add_command(remote, globals, "refs", "List remote refs", "NAME");
  add_flag(*command, "-r,--revision", options->revisions, "Show revisions in listing");
  add_fetch_options(*command, options->fetch);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
