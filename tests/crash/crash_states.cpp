// crash-states [--mode MODE] [--scenario NAME] [--pulls N] [--seed N] [--without SYNC]
//
// Records a pull call by call, makes every state that a power cut could leave (power_cut.hpp), and
// checks each: nothing is damaged, no ref leads to an incomplete commit, the next pull completes.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <unordered_set>

#include "base/directory.hpp"
#include "base/log.hpp"
#include "base/os.hpp"
#include "crash/power_cut.hpp"
#include "crash/repo_check.hpp"
#include "crash/sample_source.hpp"
#include "crash/workplace.hpp"
#include "pull/session.hpp"
#include "support/fault_server.hpp"

namespace xylem::test {

namespace {

struct Arguments {
  std::string mode;  ///< Empty: all.
  std::string scenario;
  unsigned pull_every = 1;  ///< The next pull is tried after every so manieth state.
  unsigned ostree_every = 50;
  bool everywhere = false;  ///< Of the scenario "resumed".
  std::string without;
  PowerCutOptions cuts;
};

/// Thrown when all that was to be shown has been shown.
struct Shown {};

/// Checks states, each once, and counts.
class Checker {
 public:
  Checker(const Arguments& arguments, const Workplace& work, std::string commit)
      : arguments_(arguments), repo_(work / "state"), commit_(std::move(commit)) {}

  void check(const DiskImage& image, const std::string& how) {
    ++visited_;
    if (!seen_.insert(image.hash()).second) return;
    const bool new_outside = seen_outside_.insert(image.hash("tmp")).second;
    const bool pull = seen_.size() % arguments_.pull_every == 0;
    if (!new_outside && !pull) return;
    FileIds ids;
    image.write(repo_, ids);
    const std::string trouble = find_trouble(new_outside, pull);
    remove_tree({FileDescriptor::cwd(), repo_});
    if (trouble.empty()) return;
    if (++broken_ <= most_shown) std::cout << "BROKEN: " << how << ": " << trouble << std::endl;
    if (!arguments_.without.empty()) throw Shown();
  }

  std::size_t broken() const { return broken_; }
  std::string counts() const {
    return fmt::format(
        "{} cuts, {} different states, {} of them outside of tmp/: {} checked, {} pulled again, "
        "{} by ostree: {} broken",
        visited_, seen_.size(), seen_outside_.size(), checked_, pulled_, by_ostree_, broken_);
  }

 private:
  static constexpr std::size_t most_shown = 5;

  std::string find_trouble(bool check, bool pull) {
    if (check) {
      ++checked_;
      const bool ostree = checked_ % arguments_.ostree_every == 0;
      by_ostree_ += ostree;
      if (auto damage = find_damage(repo_, ostree); !damage.empty()) return damage;
    }
    if (!pull) return {};
    ++pulled_;
    return find_trouble_of_pull(repo_, {small_ref}, {commit_});
  }

  const Arguments& arguments_;
  std::string repo_;
  std::string commit_;
  std::unordered_set<std::size_t> seen_;
  std::unordered_set<std::size_t> seen_outside_;
  std::size_t visited_ = 0;
  std::size_t checked_ = 0;
  std::size_t pulled_ = 0;
  std::size_t by_ostree_ = 0;
  std::size_t broken_ = 0;
};

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
    Checker checker(arguments_, work_, source_.commit_of(small_ref));
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

  void pull() const {
    PullOptions options;
    options.remote = "origin";
    options.refs = {small_ref};
    pull::run(repo(), options, nullptr, {});
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
    Checker checker(arguments_, work_, source_.commit_of(small_ref));
    check_cuts(recording, checker, arguments_.cuts);
    broken_ += checker.broken();
    return fmt::format("{} steps, {}", recording.steps.size(), checker.counts());
  }

  static void check_cuts(const Recording& recording, Checker& checker,
                         const PowerCutOptions& options) {
    const auto visit = [&](const DiskImage& image, const std::string& how) {
      checker.check(image, how);
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

  void check_resumed(const Recording& whole, std::size_t killed_at, Checker& checker) const {
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
  std::size_t broken_ = 0;
};

std::size_t run_scenario(const Arguments& arguments, repo::Mode mode, const std::string& name) try {
  Scenario scenario(arguments, mode);
  const std::string counts = name == "first"    ? scenario.first()
                             : name == "update" ? scenario.update()
                                                : scenario.resumed();
  std::cout << fmt::format("{}, {}: {}", repo::config_name(mode), name, counts) << std::endl;
  return scenario.broken();
} catch (const Shown&) {
  return 1;
}

int run_all(const Arguments& arguments) {
  std::cout << "seed " << arguments.cuts.seed << std::endl;
  std::size_t broken = 0;
  for (const repo::Mode mode : testable_modes()) {
    if (!arguments.mode.empty() && arguments.mode != repo::config_name(mode)) continue;
    for (const std::string name : {"first", "update", "resumed"})
      if (arguments.scenario.empty() || arguments.scenario == name)
        broken += run_scenario(arguments, mode, name);
  }
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
  app.add_option("--scenario", arguments.scenario, "only first, update or resumed");
  app.add_option("--pull-every", arguments.pull_every, "pull again after every N-th state")
      ->check(CLI::PositiveNumber);
  app.add_option("--ostree-every", arguments.ostree_every, "ostree fsck of every N-th state")
      ->check(CLI::PositiveNumber);
  app.add_flag("--everywhere", arguments.everywhere, "resume after a kill at each step");
  app.add_option("--exhaustive-bits", arguments.cuts.exhaustive_bits);
  app.add_option("--samples", arguments.cuts.samples);
  app.add_option("--seed", arguments.cuts.seed);
  app.add_option("--without", arguments.without, "syncfs, fsync or any: pretend it did not happen");
  CLI11_PARSE(app, argc, argv);
  try {
    return xylem::test::run_all(arguments);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
