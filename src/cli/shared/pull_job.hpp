#pragma once

/// \file
/// Room `cli/shared`: what several commands have in common: a pull with its progress, signing.
/// Knows nothing of options of single commands.

#include <optional>
#include <string>

#include "cli/frame/command.hpp"
#include "xylem/pull.hpp"

namespace xylem::cli {

/// What `pull` and `pull-local` have in common.
struct PullJob {
  PullOptions options;
  std::optional<std::string> progress;  ///< --progress.
  bool quiet = false;
  /// --untrusted: checking is the default, but it also overrides --http-trusted.
  bool untrusted = false;
  int update_frequency = 0;  ///< Milliseconds; 0 is the default of the display.
};

/// Declares the options that both commands have.
void add_common_pull_options(CLI::App& command, PullJob& job);

/// Pulls into the repository that the globals mean, showing progress; SIGINT and SIGTERM cancel.
void run_pull(const Globals& globals, PullJob job);

}  // namespace xylem::cli
