#include "cli/commands/refs_edit.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct ResetOptions {
  std::optional<std::string> expect;
  std::vector<std::string> arguments;  ///< Ref and revision.
};

void run(const CLI::App& command, const Globals& globals, const ResetOptions& options) {
  if (options.arguments.size() < 2) usage_error(command, "A REF and COMMIT argument is required");
  repo::Repo repo = open_writable_repo(globals);
  reset_ref(repo, {.name = options.arguments[0],
                   .revision = options.arguments[1],
                   .expected = parse_expected(repo, options.expect)});
  repo::refresh_summary(repo);
}

}  // namespace

void add_reset(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<ResetOptions>();
  CLI::App* command =
      add_command(app, globals, "reset", "Reset a REF to a previous COMMIT", "REF COMMIT");
  add_value(*command, "--expect", options->expect, "Change REF only if it is at OLD now", "OLD");
  add_arguments(*command, "arguments", options->arguments, 2);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
