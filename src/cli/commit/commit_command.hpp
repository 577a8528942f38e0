#pragma once

#include "cli/frame/command.hpp"

namespace xylem::cli {

void add_commit(CLI::App& app, Globals& globals);

}  // namespace xylem::cli
