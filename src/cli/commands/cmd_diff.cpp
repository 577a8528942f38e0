#include <fmt/format.h>

#include "base/glib.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/out.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "tree/diff.hpp"

namespace xylem::cli {

namespace {

struct DiffCommand {
  bool stats = false;
  bool fs_diff = false;
  tree::DiffOptions options;
  std::int64_t owner_uid = -1;
  std::int64_t owner_gid = -1;
  std::vector<std::string> arguments;
};

tree::DiffSide parse_side(const repo::Repo& repo, const std::string& text) {
  if (text.starts_with("/") || text.starts_with("./")) return text;
  return repo::resolve_rev(repo, text);
}

void print_paths(char mark, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) print_names(fmt::format("{}    {}", mark, path));
}

void print_diff(const repo::Repo& repo, const std::string& from, const std::string& to,
                const tree::DiffOptions& options) {
  const tree::TreeDiff result =
      tree::diff(repo, parse_side(repo, from), parse_side(repo, to), options);
  print_paths('M', result.modified);
  print_paths('D', result.removed);
  print_paths('A', result.added);
}

void print_stats(const repo::Repo& repo, const std::string& from, const std::string& to) {
  const tree::SharedObjects shared =
      tree::shared_objects(repo, repo::resolve_rev(repo, from), repo::resolve_rev(repo, to));
  const GStringPtr size(g_format_size(shared.common_bytes));
  fmt::print("[A] Object Count: {}\n[B] Object Count: {}\n", shared.from_objects,
             shared.to_objects);
  fmt::print("Common Object Count: {}\nCommon Object Size: {}\n", shared.common_objects,
             size.get());
}

void run(const CLI::App& command, const Globals& globals, DiffCommand diff) {
  if (diff.arguments.empty()) usage_error(command, "REV must be specified");
  const repo::Repo repo = open_repo(globals);
  const repo::ReadLock lock(repo);
  const std::string& to = diff.arguments.size() > 1 ? diff.arguments[1] : diff.arguments[0];
  const std::string from = diff.arguments.size() > 1 ? diff.arguments[0] : to + "^";
  diff.options.owner_uid = owner_id(diff.owner_uid);
  diff.options.owner_gid = owner_id(diff.owner_gid);
  if (diff.fs_diff || !diff.stats) print_diff(repo, from, to, diff.options);
  if (diff.stats) print_stats(repo, from, to);
}

}  // namespace

void add_diff(CLI::App& app, Globals& globals) {
  auto diff = std::make_shared<DiffCommand>();
  CLI::App* command = add_command(
      app, globals, "diff", "Compare directory TARGETDIR against revision REV",
      globals.program == "ostree" ? "REV_OR_DIR REV_OR_DIR" : "REV_OR_DIR [REV_OR_DIR]");
  const IntegerRange ids{-1, std::numeric_limits<std::int32_t>::max()};
  add_flag(*command, "--stats", diff->stats, "Print various statistics");
  add_flag(*command, "--fs-diff", diff->fs_diff, "Print filesystem diff");
  add_flag(*command, "--no-xattrs", diff->options.ignore_xattrs,
           "Skip output of extended attributes");
  add_flag(*command, "--allow-partial", diff->options.allow_partial,
           "Compare partial commits, as far as they are there");
  add_integer(*command, "--owner-uid", diff->owner_uid, ids,
              "Use file ownership user id for local files", "UID");
  add_integer(*command, "--owner-gid", diff->owner_gid, ids,
              "Use file ownership group id for local files", "GID");
  add_arguments(*command, "arguments", diff->arguments);
  on_run(*command, [=, &globals] { run(*command, globals, *diff); });
}

}  // namespace xylem::cli
