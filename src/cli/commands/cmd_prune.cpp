#include <fmt/format.h>

#include <ctime>

#include "base/glib.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "cli/time/parse_time.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "repo/upkeep/prune.hpp"

namespace xylem::cli {

namespace {

struct PruneCommand {
  repo::PruneOptions options;
  std::string delete_commit;
  std::string keep_younger_than;
  std::vector<std::string> retain_branch_depth;
  std::vector<std::string> only_branch;
};

constexpr IntegerRange depths{-1};

int parse_depth(const std::string& text) {
  try {
    return static_cast<int>(parse_integer("--retain-branch-depth", text, depths));
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("Invalid depth {}: {}", text, error.what()));
  }
}

void read_retention(const PruneCommand& prune, repo::RetentionRules& rules) {
  if (!prune.keep_younger_than.empty()) {
    rules.keep_younger_than = parse_time(prune.keep_younger_than, std::time(nullptr));
    if (!rules.keep_younger_than)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("Could not parse '{}'", prune.keep_younger_than));
  }
  for (const std::string& text : prune.retain_branch_depth) {
    if (text.find('=') == std::string::npos)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("Invalid value {}, must specify BRANCH=DEPTH", text));
    const auto [branch, depth] = parse_key_value("--retain-branch-depth", text);
    rules.branch_depths[branch] = parse_depth(depth);
  }
  rules.only_branches.insert(prune.only_branch.begin(), prune.only_branch.end());
}

void print_report(const repo::PruneOptions& options, const repo::PruneReport& report) {
  fmt::print("Total {}objects: {}\n", options.commit_only ? "(commit only) " : "",
             report.objects_total);
  const GStringPtr size(g_format_size(report.bytes_freed));
  if (report.objects_pruned == 0)
    fmt::print("No unreachable objects\n");
  else if (options.no_prune)
    fmt::print("Would delete: {} objects, freeing {}\n", report.objects_pruned, size.get());
  else
    fmt::print("Deleted {} objects, {} freed\n", report.objects_pruned, size.get());
}

void run(const CLI::App& command, const Globals& globals, PruneCommand prune) {
  repo::PruneOptions& options = prune.options;
  if (options.no_prune && !prune.delete_commit.empty())
    usage_error(command, "Cannot specify both --delete-commit and --no-prune");
  if (options.static_deltas_only && prune.delete_commit.empty())
    throw Error(ErrorKind::InvalidArgument,
                "--static-deltas-only requires --delete-commit; see "
                "https://github.com/ostreedev/ostree/issues/1479");
  read_retention(prune, options.retention);
  repo::Repo repo = options.no_prune ? open_repo(globals) : open_writable_repo(globals);
  if (!prune.delete_commit.empty())
    options.delete_commit = repo::resolve_rev(repo, prune.delete_commit);
  const InterruptWatcher interrupt;
  options.cancel = interrupt.token();
  const repo::PruneReport report = repo::prune(repo, options);
  print_report(options, report);
  report.failures.throw_if_any("Some objects could not be deleted");
}

}  // namespace

void add_prune(CLI::App& app, Globals& globals) {
  auto prune = std::make_shared<PruneCommand>();
  repo::PruneOptions& options = prune->options;
  CLI::App* command = add_command(app, globals, "prune", "Search for unreachable objects");
  add_flag(*command, "--no-prune", options.no_prune,
           "Only display unreachable objects; don't delete");
  add_flag(*command, "--refs-only", options.retention.refs_only,
           "Only compute reachability via refs");
  add_integer(*command, "--depth", options.retention.depth, depths,
              "Only traverse DEPTH parents for each commit (default: -1=infinite)", "DEPTH");
  add_value(*command, "--delete-commit", prune->delete_commit, "Specify a commit to delete",
            "COMMIT");
  add_value(*command, "--keep-younger-than", prune->keep_younger_than,
            "Prune all commits older than the specified date", "DATE");
  add_flag(*command, "--static-deltas-only", options.static_deltas_only,
           "Change the behavior of delete-commit and keep-younger-than to prune only "
           "static deltas");
  add_list(*command, "--retain-branch-depth", prune->retain_branch_depth,
           "Additionally retain BRANCH=DEPTH commits", "BRANCH=DEPTH");
  add_list(*command, "--only-branch", prune->only_branch,
           "Only prune BRANCH (may be specified multiple times)", "BRANCH");
  add_flag(*command, "--commit-only", options.commit_only,
           "Only traverse and delete commit objects.");
  on_run(*command, [=, &globals] { run(*command, globals, *prune); });
}

}  // namespace xylem::cli
