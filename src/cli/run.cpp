#include "cli/run.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/log.hpp"
#include "base/similar.hpp"
#include "cli/commands.hpp"
#include "cli/frame/arguments.hpp"
#include "cli/frame/external_command.hpp"
#include "cli/frame/help_formatter.hpp"
#include "cli/frame/plain_arguments.hpp"
#include "cli/frame/report.hpp"
#include "cli/frame/usage_error.hpp"

namespace xylem::cli {

namespace {

std::string program_name(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name == "ostree" ? name : "xylem";
}

void set_up(CLI::App& app, Globals& globals) {
  app.formatter(std::make_shared<HelpFormatter>("COMMAND"));
  app.set_help_flag("-h,--help", "Show help options");
  add_commands(app, globals);
  add_common_options(app, globals);
}

std::string unknown_command(const CLI::App& group, const std::string& name) {
  if (group.get_parent() == nullptr) return "Unknown command '" + name + "'";
  return "Unknown \"" + group.get_name() + "\" subcommand '" + name + "'";
}

std::string no_command(const CLI::App& group) {
  if (group.get_parent() == nullptr) return "No command specified";
  return "No \"" + group.get_name() + "\" subcommand specified";
}

std::vector<std::string> names_in(const CLI::App& group) {
  std::vector<std::string> names;
  for (const CLI::App* command : group.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

/// Empty if nothing is like it.
std::string meant_command(const CLI::App& group, const std::string& name) {
  const std::string near = nearest(name, names_in(group));
  return near.empty() ? "" : fmt::format("Did you mean `{} {}`?", full_name(group), near);
}

/// "help pull" is "pull --help". Libostree's command has no such word.
void take_help(const Globals& globals, std::vector<std::string>& arguments) {
  if (globals.program == "ostree") return;
  SplitArguments split = take_command(arguments);
  if (split.command != "help") return;
  arguments = std::move(split.rest);
  arguments.emplace_back("--help");
}

/// Names of the command and its groups, found among `arguments` and taken out of them.
std::vector<std::string> take_command_path(CLI::App& app, std::vector<std::string>& arguments) {
  std::vector<std::string> path;
  for (CLI::App* group = &app; is_group(*group); group = group->get_subcommand(path.back())) {
    const SplitArguments split = take_command(arguments);
    if (!split.command) return path;
    if (find_subcommand(*group, *split.command) == nullptr) {
      if (group == &app) run_external_command(app.get_name(), *split.command, split.rest);
      usage_error(*group, unknown_command(*group, *split.command),
                  meant_command(*group, *split.command));
    }
    path.push_back(*split.command);
    arguments = split.rest;
  }
  return path;
}

CLI::App& deepest(CLI::App& app, const std::vector<std::string>& path) {
  CLI::App* command = &app;
  for (const std::string& name : path) command = command->get_subcommand(name);
  return *command;
}

/// Of the option that `text` is most like; empty if it is like none.
std::string meant_option(const CLI::App& command, const std::string& text) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  const std::string near = nearest(text.substr(0, text.find('=')), names);
  return near.empty() ? "" : fmt::format("Did you mean {}?", near);
}

/// Why CLI11 refused the arguments, as `ostree` says it.
[[noreturn]] void complain(const CLI::App& app, const CLI::App& command,
                           const CLI::ParseError& error) {
  for (const std::string& argument : app.remaining(true)) {
    if (!argument.starts_with('-'))
      throw UsageError("Unexpected argument '" + unprotect(argument) + "'");
    throw UsageError("Unknown option " + argument, {.hint = meant_option(command, argument)});
  }
  throw UsageError(error.what());
}

void parse_and_run(CLI::App& app, CLI::App& command, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // As CLI11 wants them.
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    std::fputs(command.help().c_str(), stdout);
    return;
  } catch (const CLI::CallForVersion& version) {
    std::puts(version.what());
    return;
  } catch (const CLI::ParseError& error) {
    complain(app, command, error);
  }
  if (is_group(command) && !may_stand_alone(command)) usage_error(command, no_command(command));
}

void run_command(Globals& globals, std::vector<std::string> arguments) {
  CLI::App app("", globals.program);
  set_up(app, globals);
  take_help(globals, arguments);
  const std::vector<std::string> path = take_command_path(app, arguments);
  arguments = plain_arguments(deepest(app, path), arguments);
  arguments.insert(arguments.begin(), path.begin(), path.end());
  app.parse_complete_callback([&] {
    if (globals.verbose) set_log_level(LogLevel::Debug);
  });
  parse_and_run(app, deepest(app, path), std::move(arguments));
}

/// What is still buffered may find the disk full or the reader gone.
void flush_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw Error(ErrorKind::Io, "Writing to standard output failed");
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  Globals globals;
  globals.program = program_name(arguments.front());
  try {
    run_command(globals, {arguments.begin() + 1, arguments.end()});
    flush_output();
    return 0;
  } catch (...) {
    return report_current_exception(globals);
  }
}

}  // namespace xylem::cli
