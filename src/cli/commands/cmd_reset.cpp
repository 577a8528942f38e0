#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "repo/refs/refs.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

void reset_ref(const CLI::App& command, const Globals& globals,
               const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) usage_error(command, "A REF and COMMIT argument is required");
  repo::Repo repo = open_writable_repo(globals);
  const auto spec = object::RefSpec::parse(arguments[0]);
  if (!repo::find_ref(repo, spec))
    throw Error(ErrorKind::NotFound, "Invalid ref '" + arguments[0] + "'");
  repo::write_ref(repo, spec, repo::resolve_rev(repo, arguments[1]));
  repo::refresh_summary(repo);
}

}  // namespace

void add_reset(CLI::App& app, Globals& globals) {
  auto arguments = std::make_shared<std::vector<std::string>>();
  CLI::App* command =
      add_command(app, globals, "reset", "Reset a REF to a previous COMMIT", "REF COMMIT");
  add_arguments(*command, "arguments", *arguments, 2);
  on_run(*command, [=, &globals] { reset_ref(*command, globals, *arguments); });
}

}  // namespace xylem::cli
