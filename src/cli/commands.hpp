#pragma once

#include "cli/frame/command.hpp"

namespace xylem::cli {

/// Adds all commands, in the order in which help lists them.
void add_commands(CLI::App& app, Globals& globals);

}  // namespace xylem::cli
