#include "cli/frame/usage_error.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/frame/help_formatter.hpp"

namespace xylem::cli {

namespace {

/// "`xylem help remote add`".
std::string help_hint(const CLI::App& command) {
  const std::string name = full_name(command);
  const std::size_t blank = name.find(' ');
  const std::string path = blank == std::string::npos ? "" : name.substr(blank);
  const bool group = !command.get_subcommands({}).empty();
  return fmt::format("`{} help{}` {}", name.substr(0, blank), path,
                     group ? "lists the commands" : "explains the options");
}

}  // namespace

void usage_error(const CLI::App& command, const std::string& message) {
  usage_error(command, message, "");
}

void usage_error(const CLI::App& command, const std::string& message, const std::string& hint) {
  const bool group = !command.get_subcommands({}).empty();
  throw UsageError(message, {.help = command.help() + (group ? "" : "\n"),
                             .usage = usage_line(command),
                             .hint = hint.empty() ? help_hint(command) : hint});
}

}  // namespace xylem::cli
