#include "cli/frame/arguments.hpp"

#include <CLI/CLI.hpp>

namespace xylem::cli {

SplitArguments take_command(const std::vector<std::string>& arguments) {
  SplitArguments split;
  bool is_value = false;
  for (const std::string& argument : arguments) {
    if (!split.command && !is_value && !argument.starts_with('-'))
      split.command = argument;
    else
      split.rest.push_back(argument);
    is_value = !is_value && argument == "--repo";
  }
  return split;
}

bool is_group(const CLI::App& command) {
  return !command.get_subcommands({}).empty();
}

const CLI::App* find_subcommand(const CLI::App& group, const std::string& name) {
  for (const CLI::App* command : group.get_subcommands({}))
    if (command->get_name() == name) return command;
  return nullptr;
}

}  // namespace xylem::cli
