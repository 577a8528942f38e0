// crash-states [--mode MODE] [--scenario NAME] [--pulls N] [--seed N] [--without SYNC]
//
// Records a pull call by call, makes every state that a power cut could leave (power_cut.hpp), and
// checks each: nothing is damaged, no ref leads to an incomplete commit, the next pull completes.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "crash/power_cut.hpp"
#include "crash/program.hpp"
#include "crash/sample_source.hpp"
#include "crash/state_checker.hpp"
#include "crash/workplace.hpp"
#include "pull/session.hpp"
#include "support/fault_server.hpp"

namespace xylem::test {

namespace {

struct Arguments {
  std::string mode;  ///< Empty: all.
  std::string scenario;
  bool everywhere = false;  ///< Of the scenario "resumed".
  std::string without;
  StateCheckerOptions checks;
  PowerCutOptions cuts;
};

/// Thrown when all that was to be shown has been shown.
struct Shown {};

bool is_left_out(const std::string& without, const Step& step) {
  const bool all = step.kind == Step::Kind::SyncAll;
  return (without == "syncfs" && all) || (without == "fsync" && step.kind == Step::Kind::Sync) ||
         (without == "any" && (all || step.kind == Step::Kind::Sync));
}

/// One repository and what is done to it.
class Scenario {
 public:
  Scenario(const Arguments& arguments, repo::Mode mode)
      : arguments_(arguments),
        mode_(mode),
        source_dir_(os::open_dir({FileDescriptor::cwd(), source_.path()})),
        server_(source_dir_) {
    source_.commit();
  }

  /// Into an empty repository.
  std::string first() {
    make_target(repo(), mode_, server_.url());
    return record_and_check();
  }

  /// Two pulls at once of refs that share most of what they need.
  std::string both() {
    source_.commit(other_ref);
    make_target(repo(), mode_, server_.url());
    pulls_ = {{small_ref}, {other_ref, small_ref}};
    return record_and_check();
  }

  /// Of a newer commit, into one that has an older.
  std::string update() {
    make_target(repo(), mode_, server_.url());
    pull();
    source_.commit();
    return record_and_check();
  }

  /// By a second pull, after a first one was killed, without a power cut between: before each of
  /// its syncs, or at each of its steps.
  std::string resumed() {
    make_target(repo(), mode_, server_.url());
    StateChecker checker = make_checker();
    const Recording whole = record(start());
    for (std::size_t point = 1; point <= whole.steps.size(); ++point)
      if (arguments_.everywhere || is_before_sync(whole, point))
        check_resumed(whole, point, checker);
    broken_ += checker.broken();
    return checker.counts();
  }

  std::size_t broken() const { return broken_; }

 private:
  struct Start {
    Recording recording;
    FileIds ids;
  };

  std::string repo() const { return work_ / "repo"; }

  /// All of pulls_ at once.
  void pull() const {
    std::vector<std::jthread> threads;
    for (const auto& refs : pulls_) {
      PullOptions options;
      options.remote = "origin";
      options.refs = refs;
      threads.emplace_back([this, options] {
        repo::Repo target = repo::Repo::open(repo());
        pull::run(target, options, nullptr, {});
      });
    }
  }

  StateChecker make_checker() const {
    std::vector<std::string> commits;
    for (const std::string& ref : pulls_.back()) commits.push_back(source_.commit_of(ref));
    return {work_ / "state", pulls_.back(), commits, arguments_.checks};
  }

  Start start() const {
    Start start;
    start.recording.start = DiskImage::read(repo(), start.ids);
    start.recording.next_inode = static_cast<Inode>(start.recording.start.nodes.size());
    return start;
  }

  Recording record(Start start) const {
    Recorder recorder(start.recording, std::move(start.ids));
    recorder.leave_out([this](const Step& step) { return is_left_out(arguments_.without, step); });
    const os::ObserverScope scope(recorder);
    pull();
    return std::move(start.recording);
  }

  std::string record_and_check() {
    const Recording recording = record(start());
    StateChecker checker = make_checker();
    check_cuts(recording, checker, arguments_.cuts);
    broken_ += checker.broken();
    return fmt::format("{} steps, {}", recording.steps.size(), checker.counts());
  }

  void check_cuts(const Recording& recording, StateChecker& checker,
                  const PowerCutOptions& options) const {
    const auto visit = [&](const DiskImage& image, const std::string& how) {
      if (!checker.check(image, how) && !arguments_.without.empty()) throw Shown();
    };
    // The disk has been through a boot that was not this one.
    ::setenv("OSTREE_BOOTID", "after-the-power-cut", 1);
    for_each_journal_state(recording, options, visit);
    for_each_loose_state(recording, options, visit);
    ::unsetenv("OSTREE_BOOTID");
  }

  static bool is_before_sync(const Recording& recording, std::size_t point) {
    return point == recording.steps.size() || recording.steps[point].kind == Step::Kind::Sync ||
           recording.steps[point].kind == Step::Kind::SyncAll;
  }

  void check_resumed(const Recording& whole, std::size_t killed_at, StateChecker& checker) const {
    Start start;
    start.recording.start = whole.start;
    start.recording.steps.assign(whole.steps.begin(),
                                 whole.steps.begin() + static_cast<std::ptrdiff_t>(killed_at));
    start.recording.next_inode = whole.next_inode;
    remove_tree({FileDescriptor::cwd(), repo()});
    tree_after(whole, killed_at).write(repo(), start.ids);
    PowerCutOptions options = arguments_.cuts;
    options.first_step = killed_at;
    check_cuts(record(std::move(start)), checker, options);
  }

  const Arguments& arguments_;
  repo::Mode mode_;
  Workplace work_;
  SampleSource source_;
  UniqueFd source_dir_;
  FaultServer server_;
  std::vector<std::vector<std::string>> pulls_ = {{small_ref}};  ///< Refs of each pull.
  std::size_t broken_ = 0;
};

std::size_t run_scenario(const Arguments& arguments, repo::Mode mode, const std::string& name) try {
  Scenario scenario(arguments, mode);
  const std::string counts = name == "first"    ? scenario.first()
                             : name == "update" ? scenario.update()
                             : name == "both"   ? scenario.both()
                                                : scenario.resumed();
  std::cout << fmt::format("{}, {}: {}", repo::config_name(mode), name, counts) << std::endl;
  return scenario.broken();
} catch (const Shown&) {
  return 1;
}

std::size_t run_mode(const Arguments& arguments, repo::Mode mode) {
  std::size_t broken = 0;
  for (const std::string name : {"first", "update", "both", "resumed"})
    if (arguments.scenario.empty() || arguments.scenario == name)
      broken += run_scenario(arguments, mode, name);
  return broken;
}

int run_all(const Arguments& arguments) {
  std::cout << "seed " << arguments.cuts.seed << std::endl;
  const std::size_t broken =
      sum_over_modes(arguments.mode, [&](repo::Mode mode) { return run_mode(arguments, mode); });
  if (arguments.without.empty()) return broken == 0 ? 0 : 1;
  std::cout << "without " << arguments.without << " there must be broken states\n";
  return broken != 0 ? 0 : 1;
}

}  // namespace

}  // namespace xylem::test

int main(int argc, char** argv) {
  CLI::App app("Every state that a power cut could leave");
  xylem::test::Arguments arguments;
  app.add_option("--mode", arguments.mode, "only this one");
  app.add_option("--scenario", arguments.scenario, "only first, update, both or resumed");
  app.add_option("--pull-every", arguments.checks.pull_every, "pull again after every N-th state")
      ->check(CLI::PositiveNumber);
  app.add_option("--ostree-every", arguments.checks.ostree_every, "ostree fsck of every N-th state")
      ->check(CLI::PositiveNumber);
  app.add_flag("--everywhere", arguments.everywhere, "resume after a kill at each step");
  app.add_option("--exhaustive-bits", arguments.cuts.exhaustive_bits);
  app.add_option("--samples", arguments.cuts.samples);
  app.add_option("--seed", arguments.cuts.seed);
  app.add_option("--without", arguments.without, "syncfs, fsync or any: pretend it did not happen");
  CLI11_PARSE(app, argc, argv);
  return xylem::test::run_program([&] { return xylem::test::run_all(arguments); });
}
