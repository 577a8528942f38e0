#pragma once

#include <string>

#include "cli/frame/command.hpp"
#include "repo/refs/summary_file.hpp"

namespace xylem::cli {

/// What `remote refs` and `remote summary` share.
struct RemoteFetchOptions {
  std::optional<std::string> name;
  std::optional<std::string> cache_dir;
};

/// Declares NAME and --cache-dir.
void add_fetch_options(CLI::App& command, RemoteFetchOptions& options);

/// The remote's summary, fetched now; SIGINT cancels. Throws Error(NotFound) if it has none.
repo::SummaryFiles fetch_summary(const CLI::App& command, const Globals& globals,
                                 const RemoteFetchOptions& options);

}  // namespace xylem::cli
