#include <fmt/format.h>

#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/text/commit_list.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct RevParseOptions {
  bool single = false;
  std::vector<std::string> revs;
};

void print_single(const repo::Repo& repo) {
  const std::vector<Checksum> commits = list_commits(repo);
  if (commits.empty()) throw Error(ErrorKind::NotFound, "No commit objects found");
  if (commits.size() > 1) throw Error(ErrorKind::InvalidArgument, "Multiple commit objects found");
  fmt::print("{}\n", commits.front().hex());
}

void run(const CLI::App& command, const Globals& globals, const RevParseOptions& options) {
  if (options.single && !options.revs.empty())
    usage_error(command, "Cannot specify arguments with --single");
  if (!options.single && options.revs.empty()) usage_error(command, "REV must be specified");
  const repo::Repo repo = open_repo(globals);
  if (options.single) print_single(repo);
  for (const std::string& rev : options.revs)
    fmt::print("{}\n", repo::resolve_rev(repo, rev).hex());
}

}  // namespace

void add_rev_parse(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<RevParseOptions>();
  CLI::App* command = add_command(app, globals, "rev-parse", "Output the target of a rev", "REV");
  add_flag(*command, "-S,--single", options->single,
           "If the repository has exactly one commit, then print it; any other case "
           "will result in an error");
  add_arguments(*command, "revs", options->revs);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
