#include "cli/frame/usage_error.hpp"

#include <CLI/CLI.hpp>

namespace xylem::cli {

void usage_error(const CLI::App& command, const std::string& message) {
  const bool group = !command.get_subcommands({}).empty();
  throw UsageError(message, command.help() + (group ? "" : "\n"));
}

}  // namespace xylem::cli
