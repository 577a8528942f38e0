#pragma once

/// \file
/// Finding the command among the arguments.

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace xylem::cli {

/// Arguments without the command's name, which may stand behind options.
struct SplitArguments {
  std::optional<std::string> command;
  std::vector<std::string> rest;
};

/// Takes out the first argument that is neither an option nor the value of a `--repo` before it.
SplitArguments take_command(const std::vector<std::string>& arguments);

/// Whether it has commands below it, as `remote` has.
bool is_group(const CLI::App& command);
/// Null if the group has no such command.
const CLI::App* find_subcommand(const CLI::App& group, const std::string& name);

}  // namespace xylem::cli
