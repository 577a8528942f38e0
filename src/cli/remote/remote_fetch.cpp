#include "cli/remote/remote_fetch.hpp"

#include "cli/frame/interrupt.hpp"
#include "cli/frame/usage_error.hpp"
#include "pull/jobs/remote_summary.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

void add_fetch_options(CLI::App& command, RemoteFetchOptions& options) {
  add_arguments(command, "name", options.name);
  add_value(command, "--cache-dir", options.cache_dir, "Use custom cache dir", "DIR");
}

repo::SummaryFiles fetch_summary(const CLI::App& command, const Globals& globals,
                                 const RemoteFetchOptions& options) {
  if (!options.name) usage_error(command, "NAME must be specified");
  const repo::Repo repo = open_repo(globals);
  PullOptions pull;
  pull.remote = *options.name;
  pull.cache_dir = options.cache_dir;
  const InterruptWatcher interrupt;
  auto summary = pull::fetch_remote_summary(repo, pull, interrupt.token());
  if (!summary)
    throw Error(ErrorKind::NotFound, "Remote server has no summary file")
        .hint(
            "Create one on the server with `xylem summary -u`; named refs can be pulled without "
            "it.");
  return std::move(*summary);
}

}  // namespace xylem::cli
