#pragma once

/// \file
/// Room `cli/commit`: `commit` and its many options. Knows nothing of other commands.

#include "cli/frame/command.hpp"

namespace xylem::cli {

void add_commit(CLI::App& app, Globals& globals);

}  // namespace xylem::cli
