#include <fmt/format.h>

#include <unistd.h>
#include <cstdio>

#include "base/printable.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/out.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/text/commit_list.hpp"
#include "cli/text/repair_text.hpp"
#include "delta/store/check_deltas.hpp"
#include "repo/partial.hpp"
#include "repo/repo.hpp"
#include "repo/upkeep/fsck.hpp"
#include "repo/upkeep/leftovers.hpp"

namespace xylem::cli {

namespace {

struct FsckCommand {
  repo::FsckOptions options;
  bool all = false;  ///< We always go on to the end.
  bool quiet = false;
  bool repair = false;
  bool json = false;
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

/// As `ostree` says it: "In commits A, B: …", "Object missing in commits A, B: …".
std::string problem_text(const repo::FsckProblem& problem) {
  std::string commits;
  for (const Checksum& commit : problem.commits)
    commits += (commits.empty() ? "" : ", ") + commit.hex();
  if (commits.empty()) return problem.message;
  if (problem.kind == repo::FsckProblem::Kind::Missing)
    return fmt::format("Object missing in commits {}: {}", commits, problem.object.text());
  return fmt::format("In commits {}: {}", commits, problem.message);
}

/// All problems are told. The error is the first one, or, with --all or --delete, that there were
/// some.
[[noreturn]] void fail(const FsckCommand& fsck, const repo::FsckReport& report) {
  const bool summarize = fsck.all || fsck.options.delete_bad || only_foreign(report.problems);
  for (std::size_t i = summarize ? 0 : 1; i < report.problems.size(); ++i)
    std::fputs((printable(problem_text(report.problems[i])) + "\n").c_str(), stderr);
  for (const Checksum& commit : report.marked)
    std::fputs(fmt::format("Marking commit as partial: {}\n", commit.hex()).c_str(), stderr);
  if (summarize) throw_problems(report.problems);
  throw Error(ErrorKind::Corrupt, problem_text(report.problems.front())).hint(repair_hint);
}

/// As `ostree fsck` ends.
void conclude(const FsckCommand& fsck, const repo::Repo& repo, const repo::FsckReport& report) {
  if (!report.partial_commits.empty())
    fmt::print("{} partial commits not verified\n", report.partial_commits.size());
  if (!report.clean()) fail(fsck, report);
  if (const std::size_t count = repo::broken_commits(repo).size(); count > 0)
    throw Error(ErrorKind::Corrupt,
                fmt::format("{} partial commits from fsck-detected corruption", count))
        .hint("Run `xylem fsck --repair`, or pull again, to fetch the missing objects.");
  fmt::print("object fsck of {} commits completed successfully - no errors found.\n",
             report.commits_checked);
}

/// Clients that use such a delta fetch objects in its place.
void require_good_deltas(const repo::Repo& repo, const CancelToken& cancel) {
  const std::vector<delta::DeltaProblem> problems = delta::check_deltas(repo, cancel);
  for (const delta::DeltaProblem& problem : problems) print_note("{}\n", problem.message);
  if (!problems.empty())
    throw Error(ErrorKind::Corrupt, fmt::format("{} static deltas are damaged", problems.size()))
        .hint("Delete them with `xylem static-delta delete`, or generate them again.");
}

pull::RepairReport check_or_repair(repo::Repo& repo, const FsckCommand& fsck) {
  if (fsck.repair) return pull::repair(repo, fsck.options);
  pull::RepairReport report;
  report.found = repo::fsck(repo, fsck.options);
  report.remaining = report.found.problems;
  report.broken = repo::broken_commits(repo);
  return report;
}

void run(const CLI::App& command, const Globals& globals, FsckCommand fsck) {
  if (fsck.repair && fsck.options.add_tombstones)
    usage_error(command, "Cannot specify both --repair and --add-tombstones");
  repo::Repo repo = open_repo(globals);
  const InterruptWatcher interrupt;
  fsck.options.cancel = interrupt.token();
  if (fsck.options.verify_back_refs) fsck.options.verify_bindings = true;
  if (fsck.repair) fsck.options.delete_bad = true;
  fsck.options.mark_missing = !fsck.json;
  if (!fsck.quiet && !fsck.json) {
    announce(repo);
    fsck.options.progress = show_progress;
  }
  if (!fsck.repair && !fsck.json) {
    conclude(fsck, repo, repo::fsck(repo, fsck.options));
    return require_good_deltas(repo, interrupt.token());
  }
  const pull::RepairReport report = check_or_repair(repo, fsck);
  fsck.json ? print_json(report) : print_text(report);
  require_success(report);
}

}  // namespace

void add_fsck(CLI::App& app, Globals& globals) {
  auto fsck = std::make_shared<FsckCommand>();
  repo::FsckOptions& options = fsck->options;
  CLI::App* command = add_command(app, globals, "fsck", "Check the repository for consistency");
  add_flag(*command, "--add-tombstones", options.add_tombstones,
           "Add tombstones for missing commits");
  add_flag(*command, "-q,--quiet", fsck->quiet, "Only print error messages");
  add_flag(*command, "-a,--all", fsck->all,
           "Don't stop on first error (always the case), and sum up at the end");
  add_flag(*command, "--delete", options.delete_bad, "Remove corrupted objects");
  add_flag(*command, "--repair", fsck->repair,
           "Remove corrupted objects, then fetch corrupted and missing objects from the remotes");
  add_flag(*command, "--json", fsck->json, "Print the result as one JSON object");
  add_flag(*command, "--verify-bindings", options.verify_bindings, "Verify ref bindings");
  add_flag(*command, "--verify-back-refs", options.verify_back_refs,
           "Verify back-references (implies --verify-bindings)");
  on_run(*command, [=, &globals] { run(*command, globals, *fsck); });
}

}  // namespace xylem::cli
