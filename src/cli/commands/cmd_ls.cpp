#include "cli/frame/command.hpp"
#include "cli/frame/out.hpp"
#include "cli/frame/usage_error.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "tree/list.hpp"

namespace xylem::cli {

namespace {

struct LsOptions {
  tree::ListOptions list;
  std::vector<std::string> arguments;  ///< Commit and paths.
};

void run(const CLI::App& command, const Globals& globals, const LsOptions& options) {
  if (options.arguments.empty()) usage_error(command, "An COMMIT argument is required");
  const repo::Repo repo = open_repo(globals);
  const repo::ReadLock lock(repo);
  const Checksum commit = repo::resolve_rev(repo, options.arguments.front());
  const char end = options.list.names_only ? '\0' : '\n';
  const auto print = [end](const std::string& line) { print_names(line, end); };

  if (options.arguments.size() == 1) return tree::list(repo, commit, "/", options.list, print);
  for (std::size_t i = 1; i < options.arguments.size(); ++i) {
    const std::string& path = options.arguments[i];
    try {
      tree::list(repo, commit, path, options.list, print);
    } catch (Error& error) {
      throw error.prefix("Inspecting path '" + path + "'");
    }
  }
}

}  // namespace

void add_ls(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<LsOptions>();
  CLI::App* command = add_command(app, globals, "ls", "List file paths", "COMMIT [PATH...]");
  add_flag(*command, "-d,--dironly", options->list.directory_only,
           "Do not recurse into directory arguments");
  add_flag(*command, "-R,--recursive", options->list.recursive, "Print directories recursively");
  add_flag(*command, "-C,--checksum", options->list.checksums, "Print checksum");
  add_flag(*command, "-X,--xattrs", options->list.xattrs, "Print extended attributes");
  add_flag(*command, "--nul-filenames-only", options->list.names_only,
           "Print only filenames, NUL separated");
  may_be_empty(add_arguments(*command, "arguments", options->arguments));
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
