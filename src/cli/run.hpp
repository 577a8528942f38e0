#pragma once

/// \file
/// Room `cli`: the program: arguments in, exit code out. Knows nothing of what the commands do.

#include <string>
#include <vector>

namespace xylem::cli {

/// The whole program: runs the command that `arguments` (the program's name first) ask for, reports
/// what went wrong on standard error, and returns the exit code.
int run(const std::vector<std::string>& arguments);

}  // namespace xylem::cli
