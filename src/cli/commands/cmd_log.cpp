#include <fmt/format.h>

#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/text/object_text.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct LogOptions {
  std::string rev;
  bool raw = false;
};

void run(const CLI::App& command, const Globals& globals, const LogOptions& options) {
  if (options.rev.empty()) usage_error(command, "A rev argument is required");
  const repo::Repo repo = open_repo(globals);
  const repo::ReadLock lock(repo);
  std::optional<Checksum> commit = repo::resolve_rev(repo, options.rev);
  for (bool first = true; commit; first = false) {
    const object::ObjectName name{*commit, object::ObjectType::Commit};
    if (!first && !repo.has(name)) {
      fmt::print("<< History beyond this commit not fetched >>\n");
      return;
    }
    fmt::print("{}", object_text(repo, name, {.raw = options.raw}));
    commit = repo.load_commit(*commit).parent;
  }
}

}  // namespace

void add_log(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<LogOptions>();
  CLI::App* command = add_command(app, globals, "log", "Show log starting at commit or ref", "REV");
  add_flag(*command, "--raw", options->raw, "Show raw variant data");
  add_arguments(*command, "rev", options->rev);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
