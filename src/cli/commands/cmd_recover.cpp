#include <fmt/format.h>

#include <ctime>

#include "cli/frame/command.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/progress/json_text.hpp"
#include "cli/progress/progress_text.hpp"
#include "repo/repo.hpp"
#include "repo/staging/tmp_cleanup.hpp"

namespace xylem::cli {

namespace {

struct RecoverCommand {
  bool all = false;
  bool json = false;
};

struct Recovery {
  repo::TmpCleanup cleanup;
  std::vector<repo::TmpEntry> rest;
};

void print_entry(const repo::TmpEntry& entry, std::time_t now) {
  const std::string size = format_size(entry.bytes);
  if (entry.in_use) return fmt::print("In use: tmp/{} ({})\n", entry.name, size);
  fmt::print("Left over: tmp/{} ({}, {} old)\n", entry.name, size,
             format_duration(std::chrono::seconds(now - entry.modified)));
}

void print_text(const Recovery& recovery) {
  const std::time_t now = std::time(nullptr);
  std::uint64_t left = 0;
  for (const std::string& name : recovery.cleanup.removed) fmt::print("Removed tmp/{}\n", name);
  for (const repo::TmpEntry& entry : recovery.rest) {
    print_entry(entry, now);
    if (!entry.in_use) left += entry.bytes;
  }
  if (recovery.cleanup.removed.empty()) fmt::print("Nothing to remove\n");
  if (left > 0)
    fmt::print(
        "The next transaction uses what is left over ({}); `xylem recover --all` removes it\n",
        format_size(left));
}

void print_json(const Recovery& recovery) {
  Json in_use = Json::array();
  Json left_over = Json::array();
  std::uint64_t bytes_in_use = 0;
  for (const repo::TmpEntry& entry : recovery.rest) {
    if (entry.in_use) {
      in_use.push_back(entry.name);
      bytes_in_use += entry.bytes;
    } else {
      left_over.push_back(
          {{"name", entry.name}, {"bytes", entry.bytes}, {"modified", entry.modified}});
    }
  }
  print_json_line({{"removed", recovery.cleanup.removed},
                   {"in_use", std::move(in_use)},
                   {"bytes_in_use", bytes_in_use},
                   {"left_over", std::move(left_over)},
                   {"failures", json_of(recovery.cleanup.failures)}});
}

void run(const Globals& globals, const RecoverCommand& recover) {
  const repo::Repo repo = open_writable_repo(globals);
  const InterruptWatcher interrupt;
  const auto how = recover.all ? repo::CleanUp::Unlocked : repo::CleanUp::Unneeded;
  Recovery recovery{repo::recover(repo, interrupt.token(), how), repo::list_tmp(repo.tmp())};
  recover.json ? print_json(recovery) : print_text(recovery);
  recovery.cleanup.failures.throw_if_any("Some leftover files could not be removed");
}

}  // namespace

void add_recover(CLI::App& app, Globals& globals) {
  auto recover = std::make_shared<RecoverCommand>();
  CLI::App* command =
      add_command(app, globals, "recover", "Remove files that killed processes left in tmp/");
  add_flag(*command, "--all", recover->all,
           "Also remove what the next transaction could use, and list nothing as left over");
  add_flag(*command, "--json", recover->json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] { run(globals, *recover); });
}

}  // namespace xylem::cli
