#pragma once

/// \file
/// Finding the command among the arguments.

#include <optional>
#include <string>
#include <vector>

namespace xylem::cli {

/// Arguments without the command's name, which may stand behind options.
struct SplitArguments {
  std::optional<std::string> command;
  std::vector<std::string> rest;
};

/// Takes out the first argument that is neither an option nor the value of a `--repo` before it.
SplitArguments take_command(const std::vector<std::string>& arguments);

}  // namespace xylem::cli
