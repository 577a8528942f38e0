#include <fmt/format.h>
#include <unistd.h>

#include "cli/command.hpp"
#include "cli/commit_list.hpp"
#include "cli/interrupt.hpp"
#include "repo/fsck.hpp"
#include "repo/partial.hpp"

namespace xylem::cli {

namespace {

struct FsckCommand {
  repo::FsckOptions options;
  bool all = false;  ///< We always go on to the end.
  bool quiet = false;
};

std::size_t count_complete(const repo::Repo& repo) {
  return static_cast<std::size_t>(
      std::ranges::count_if(list_commits(repo), [&](const Checksum& commit) {
        return repo::commit_state(repo, commit) == repo::CommitState::Complete;
      }));
}

void announce(const repo::Repo& repo) {
  fmt::print("Validating refs...\nValidating refs in collections...\nEnumerating commits...\n");
  fmt::print("Verifying content integrity of {} commit objects...\n", count_complete(repo));
  std::fflush(stdout);
}

/// Rewrites its line on a terminal; elsewhere only the end is told.
void show_progress(std::uint64_t done, std::uint64_t total) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool over = done == total;
  if (!terminal && !over) return;
  fmt::print("{}fsck objects ({}/{}) {}%{}", terminal ? "\r" : "", done, total,
             total == 0 ? 100 : done * 100 / total, over ? "\n" : "");
  std::fflush(stdout);
}

[[noreturn]] void fail(const repo::FsckReport& report) {
  for (const repo::FsckProblem& problem : report.problems)
    fmt::print(stderr, "{}\n", problem.message);
  throw Error(ErrorKind::Corrupt, "Repository corruption encountered")
      .hint("fsck --delete removes what is corrupt; the next pull fetches it again.");
}

std::size_t count_partial_by_fsck(const repo::Repo& repo, const repo::FsckReport& report) {
  return static_cast<std::size_t>(
      std::ranges::count_if(report.partial_commits, [&](const Checksum& commit) {
        return repo::commit_state(repo, commit) == repo::CommitState::PartialByFsck;
      }));
}

void run(const Globals& globals, FsckCommand fsck) {
  repo::Repo repo = open_repo(globals);
  const InterruptWatcher interrupt;
  fsck.options.cancel = interrupt.token();
  if (fsck.options.verify_back_refs) fsck.options.verify_bindings = true;
  if (!fsck.quiet) {
    announce(repo);
    fsck.options.progress = show_progress;
  }
  const repo::FsckReport report = repo::fsck(repo, fsck.options);
  if (!report.partial_commits.empty())
    fmt::print("{} partial commits not verified\n", report.partial_commits.size());
  if (!report.clean()) fail(report);
  if (const std::size_t count = count_partial_by_fsck(repo, report); count > 0)
    throw Error(ErrorKind::Corrupt,
                fmt::format("{} partial commits from fsck-detected corruption", count))
        .hint("Pull them again.");
  fmt::print("object fsck of {} commits completed successfully - no errors found.\n",
             report.commits_checked);
}

}  // namespace

void add_fsck(CLI::App& app, Globals& globals) {
  auto fsck = std::make_shared<FsckCommand>();
  repo::FsckOptions& options = fsck->options;
  CLI::App* command = add_command(app, globals, "fsck", "Check the repository for consistency");
  command->add_flag("--add-tombstones", options.add_tombstones,
                    "Add tombstones for missing commits");
  command->add_flag("-q,--quiet", fsck->quiet, "Only print error messages");
  command->add_flag("-a,--all", fsck->all, "Don't stop on first error (which is always so)");
  command->add_flag("--delete", options.delete_bad, "Remove corrupted objects");
  command->add_flag("--verify-bindings", options.verify_bindings, "Verify ref bindings");
  command->add_flag("--verify-back-refs", options.verify_back_refs,
                    "Verify back-references (implies --verify-bindings)");
  command->callback([=, &globals] { run(globals, *fsck); });
}

}  // namespace xylem::cli
