#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace xylem::cli {

/// Help of a command: its usage, what it does, its commands and options by group, as wide as the
/// terminal. Called as `ostree` in the layout of that one: all options in one list, one a line.
class HelpFormatter : public CLI::FormatterBase {
 public:
  /// `arguments` stands behind "[OPTION…]"; if empty, the positional arguments do.
  explicit HelpFormatter(std::string arguments) : arguments_(std::move(arguments)) {}

  std::string make_help(const CLI::App* command, std::string name,
                        CLI::AppFormatMode mode) const override;
  /// What stands behind "[OPTION…]": "REMOTE [BRANCH...]".
  std::string arguments(const CLI::App& command) const;

 private:
  std::string usage(const CLI::App& command) const;
  std::string help_of_ostree(const CLI::App& command) const;

  std::string arguments_;
};

/// What help shows behind "[OPTION…]" for a command that add_command() has made.
std::string usage_arguments(const CLI::App& command);
/// A group that does something itself says so by require_subcommand(0, 1).
bool may_stand_alone(const CLI::App& group);
/// "Usage: xylem pull [OPTION…] REMOTE".
std::string usage_line(const CLI::App& command);
/// Whether the option is no mere flag.
bool takes_value(const CLI::Option& option);
/// "-L, --localcache-repo=REPO".
std::string option_label(const CLI::Option& option);
/// "xylem remote add".
std::string full_name(const CLI::App& command);

}  // namespace xylem::cli
