#include <fmt/format.h>

#include "cli/frame/command.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/text/json_text.hpp"
#include "repo/ingest/tmp_cleanup.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

void print_text(const repo::TmpCleanup& cleanup) {
  for (const std::string& name : cleanup.removed) fmt::print("Removed tmp/{}\n", name);
  for (const std::string& name : cleanup.in_use) fmt::print("In use: tmp/{}\n", name);
  if (cleanup.removed.empty()) fmt::print("Nothing to remove\n");
}

void print_json(const repo::TmpCleanup& cleanup) {
  print_json_line({{"removed", cleanup.removed},
                   {"in_use", cleanup.in_use},
                   {"failures", json_of(cleanup.failures)}});
}

void run(const Globals& globals, bool json) {
  const repo::Repo repo = open_writable_repo(globals);
  const InterruptWatcher interrupt;
  const repo::TmpCleanup cleanup = repo::recover(repo, interrupt.token());
  json ? print_json(cleanup) : print_text(cleanup);
  cleanup.failures.throw_if_any("Some leftover files could not be removed");
}

}  // namespace

void add_recover(CLI::App& app, Globals& globals) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      add_command(app, globals, "recover", "Remove files that killed processes left in tmp/");
  add_flag(*command, "--json", *json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] { run(globals, *json); });
}

}  // namespace xylem::cli
