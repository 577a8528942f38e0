#include <fmt/format.h>

#include "cli/frame/bash_completion.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"

namespace xylem::cli {

void add_completion(CLI::App& app, Globals&) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      add_plain_command(app, "completion", "Print a completion script for a shell", "bash");
  command->add_option("shell", *shell);
  command->callback([=, &app] {
    if (*shell != "bash") usage_error(*command, "SHELL must be specified: bash");
    fmt::print("{}", bash_completion(app));
  });
}

}  // namespace xylem::cli
