#include <fmt/format.h>

#include <string_view>

#include "cli/completion/candidates.hpp"
#include "cli/completion/cursor.hpp"
#include "cli/completion/scripts.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"

namespace xylem::cli {

namespace {

void print_candidates(const CLI::App& app, const std::vector<std::string>& words, Globals globals) {
  const Cursor cursor = find_cursor(app, words);
  globals.repo = cursor.repo;
  for (const std::string& line : candidates(cursor, repo_path(globals))) fmt::print("{}\n", line);
}

}  // namespace

void add_completion(CLI::App& app, Globals& globals) {
  auto arguments = std::make_shared<std::vector<std::string>>();
  auto words = std::make_shared<bool>();
  CLI::App* command = add_plain_command(app, "completion", "Print a completion script for a shell",
                                        "(bash|zsh|fish)");
  add_flag(*command, "--words", *words,
           "For the scripts: print what may follow behind \"--\" WORD...");
  may_be_empty(add_arguments(*command, "arguments", *arguments));
  on_run(*command, [=, &app, &globals] {
    if (*words) return print_candidates(app, *arguments, globals);
    const std::string what = arguments->empty() ? "" : arguments->front();
    const std::string_view script = completion_script(what);
    if (script.empty()) usage_error(*command, "SHELL must be specified: bash, zsh or fish");
    fmt::print("{}", script);
  });
}

}  // namespace xylem::cli
