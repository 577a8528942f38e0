#pragma once

/// \file
/// Declaring what a command takes. Only this room includes CLI11, which costs seconds of compiling
/// in each source: commands see no more of it than these functions.
///
/// `names` are as CLI11 wants them: "-q,--quiet". What a value is stored in must live as long as
/// the command. An option that is given twice takes its last value.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace xylem::cli {

/// An option without a value.
CLI::Option* add_flag(CLI::App& command, const std::string& names, bool& value,
                      const std::string& description);
CLI::Option* add_flag(CLI::App& command, const std::string& names, std::function<void()> given,
                      const std::string& description);

/// An option with a value, which help calls `value_name`. An empty value is refused,
/// here and below.
CLI::Option* add_value(CLI::App& command, const std::string& names, std::string& value,
                       const std::string& description, const std::string& value_name);
CLI::Option* add_value(CLI::App& command, const std::string& names,
                       std::optional<std::string>& value, const std::string& description,
                       const std::string& value_name);
CLI::Option* add_value(CLI::App& command, const std::string& names,
                       std::function<void(const std::string&)> given,
                       const std::string& description, const std::string& value_name);

/// An option that may be given several times, with one value each. (CLI11 by itself lets a list
/// swallow the arguments behind it.)
CLI::Option* add_list(CLI::App& command, const std::string& names, std::vector<std::string>& values,
                      const std::string& description, const std::string& value_name);

/// Arguments that are no options, under the name that a usage line without `arguments` shows.
CLI::Option* add_arguments(CLI::App& command, const std::string& name, std::string& value);
CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::optional<std::string>& value);
/// Any number of them, or at most so many.
CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::vector<std::string>& values);
CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::vector<std::string>& values, std::size_t most);

/// What is declared from here on stands in help under this heading.
void begin_group(CLI::App& command, const std::string& heading);

/// Takes an empty value, too.
CLI::Option* may_be_empty(CLI::Option* option);
/// Leaves an option out of the help.
void hide(CLI::Option* option);
/// Refuses a command line without it.
void require(CLI::Option* option);

/// What the command does. Of a command with subcommands: what it does without any of them.
void on_run(CLI::App& command, std::function<void()> run);

}  // namespace xylem::cli
