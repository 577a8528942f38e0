#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace xylem::cli {

/// Help in the layout of GOption, which is that of `ostree`: usage, description or commands, help
/// options, application options.
class HelpFormatter : public CLI::FormatterBase {
 public:
  /// `arguments` stands behind "[OPTION…]"; if empty, the positional arguments do.
  explicit HelpFormatter(std::string arguments) : arguments_(std::move(arguments)) {}

  std::string make_help(const CLI::App* command, std::string name,
                        CLI::AppFormatMode mode) const override;

 private:
  std::string usage(const CLI::App& command) const;

  std::string arguments_;
};

/// "-L, --localcache-repo=REPO".
std::string option_label(const CLI::Option& option);
/// "xylem remote add".
std::string full_name(const CLI::App& command);

}  // namespace xylem::cli
