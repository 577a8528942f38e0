// crash-points WHAT [--mode MODE] [--count N] [--pull-every N] [--seed N] --child PATH [--xylem
// PATH]
//
// Interrupts real pulls in processes of their own, and looks at what is left each time:
//
//   kill    SIGKILL at a call of the operating system, each call in turn
//   beside  the same, while another process pulls overlapping refs, which must complete
//   random  SIGKILL of the real command at a random time, again and again in one repository
//   fail    EIO, ENOSPC, EMFILE or EINTR from a call, each call in turn, once or from then on

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iostream>
#include <random>
#include <thread>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "crash/disk_image.hpp"
#include "crash/program.hpp"
#include "crash/repo_check.hpp"
#include "crash/sample_source.hpp"
#include "crash/workplace.hpp"
#include "repo/repo.hpp"
#include "support/child.hpp"
#include "support/fault_server.hpp"
#include "support/process.hpp"

namespace xylem::test {

namespace {

constexpr int killed = 128 + SIGKILL;

struct Arguments {
  std::string what;
  std::string mode;
  unsigned count = 50;  ///< Points in each mode (and for each errno); 0 is all.
  unsigned pull_every = 5;
  unsigned ostree_every = 20;
  std::uint64_t seed = std::random_device()();
  std::string child;
  std::string xylem;
};

struct Outcome {
  std::uint64_t points = 0;
  std::uint64_t too_late = 0;  ///< The pull was over before.
  std::uint64_t pulled = 0;
  std::uint64_t by_ostree = 0;
  std::uint64_t broken = 0;
};

/// Interrupts pulls into one repository of one mode.
class Trial {
 public:
  Trial(const Arguments& arguments, repo::Mode mode)
      : arguments_(arguments),
        dice_(arguments.seed + static_cast<unsigned>(mode)),
        source_dir_(os::open_dir({FileDescriptor::cwd(), source_.path()})),
        server_(source_dir_) {
    source_.commit(other_ref);
    make_target(repo(), mode, server_.url());
    FileIds ids;
    empty_ = DiskImage::read(repo(), ids);
    pull_all();
    older_ = DiskImage::read(repo(), ids = {});
    source_.commit(small_ref);
    source_.commit(other_ref);
    newest_ = {source_.commit_of(small_ref), source_.commit_of(other_ref)};
  }

  Outcome kill() {
    for_each_point({}, [&](std::uint64_t point) {
      expect(run(child({small_ref}, {"--at", std::to_string(point)})).status, {killed, 0}, point);
    });
    return outcome_;
  }

  Outcome kill_beside() {
    left_overs_ = LeftOvers::Spare;
    for_each_point({}, [&](std::uint64_t point) {
      Child other(child({other_ref, small_ref}, {}));
      expect(run(child({small_ref}, {"--at", std::to_string(point)})).status, {killed, 0}, point);
      if (const int status = other.wait(); status != 0)
        report(point, fmt::format("the pull beside it ended with {}", status));
    });
    return outcome_;
  }

  Outcome kill_at_random() {
    start_over(empty_);
    const auto begin = std::chrono::steady_clock::now();
    run_ok(command());
    const auto duration = std::chrono::steady_clock::now() - begin;
    start_over(empty_);
    for (std::uint64_t point = 1; point <= arguments_.count; ++point) {
      Child pull(command());
      std::this_thread::sleep_for(duration * std::uniform_real_distribution<>(0, 1.1)(dice_));
      pull.signal(SIGKILL);
      expect(pull.wait(), {killed, 0}, point);
      look(point);
      if (repo::Repo::open(repo()).has(
              {Checksum::parse(source_.commit_of(small_ref)), object::ObjectType::Commit}))
        start_over(dice_() % 2 == 0 ? empty_ : older_);
    }
    return outcome_;
  }

  Outcome fail() {
    for (const int error_number : {EIO, ENOSPC, EMFILE, EINTR})
      for (const bool from_now_on : {false, true})
        if (error_number != EINTR || !from_now_on) fail_with(error_number, from_now_on);
    return outcome_;
  }

 private:
  std::string repo() const { return work_ / "repo"; }

  bool is_published() const {
    return repo::Repo::open(repo()).has(
        {Checksum::parse(newest_.front()), object::ObjectType::Commit});
  }

  void pull_all() const {
    const std::vector<std::string> refs = {other_ref};
    const std::string trouble = find_trouble_of_pull(repo(), refs, {source_.commit_of(other_ref)});
    if (!trouble.empty()) throw std::runtime_error(trouble);
  }

  std::vector<std::string> child(const std::vector<std::string>& refs,
                                 const std::vector<std::string>& options) const {
    std::vector<std::string> words = {arguments_.child, repo()};
    words.insert(words.end(), refs.begin(), refs.end());
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }

  std::vector<std::string> command() const {
    return {arguments_.xylem, "pull", "--repo=" + repo(), "-q", "origin", small_ref, other_ref};
  }

  void start_over(const DiskImage& image) const {
    remove_tree({FileDescriptor::cwd(), repo()});
    FileIds ids;
    image.write(repo(), ids);
  }

  /// As many as a pull makes.
  std::uint64_t count_calls() const { return std::stoull(run_ok(child({small_ref}, {"--count"}))); }

  /// Calls with points spread over a pull into an empty and into an older repository.
  void for_each_point(const std::string& what, const std::function<void(std::uint64_t)>& call) {
    what_ = what;
    for (const DiskImage* image : {&empty_, &older_}) {
      start_over(*image);
      const std::uint64_t calls = count_calls();
      const std::uint64_t count = arguments_.count == 0 ? calls : (arguments_.count + 1) / 2;
      for (std::uint64_t index = 0; index < count; ++index) {
        const std::uint64_t first = index * calls / count + 1;
        const std::uint64_t last = std::max((index + 1) * calls / count, first);
        const std::uint64_t point =
            std::uniform_int_distribution<std::uint64_t>(first, last)(dice_);
        start_over(*image);
        call(point);
        look(point);
      }
    }
  }

  void fail_with(int error_number, bool from_now_on) {
    std::vector<std::string> options = {"--errno", std::to_string(error_number)};
    if (from_now_on) options.emplace_back("--from-now-on");
    const std::string what =
        fmt::format("{}{}", std::strerror(error_number), from_now_on ? " from then on" : "");
    for_each_point(what, [&](std::uint64_t point) {
      auto words = child({small_ref}, options);
      words.insert(words.end(), {"--at", std::to_string(point)});
      const ProcessResult result = run(words);
      if (result.status == 0) ++outcome_.too_late;
      const bool must_work = error_number == EINTR;
      if (result.status != 0 && (must_work || result.status != 1))
        report(point, fmt::format("status {}: {}", result.status, result.output));
    });
  }

  void expect(int status, const std::vector<int>& expected, std::uint64_t point) {
    if (status == 0) ++outcome_.too_late;
    if (std::find(expected.begin(), expected.end(), status) == expected.end())
      report(point, fmt::format("the pull ended with {}", status));
  }

  void look(std::uint64_t point) {
    ++outcome_.points;
    const bool ostree = outcome_.points % arguments_.ostree_every == 0;
    outcome_.by_ostree += ostree;
    report(point, find_damage(repo(), ostree));
    if (outcome_.points % arguments_.pull_every != 0) return;
    ++outcome_.pulled;
    report(point, find_trouble_of_pull(repo(), {small_ref, other_ref}, newest_, left_overs_));
  }

  void report(std::uint64_t point, const std::string& trouble) {
    if (trouble.empty()) return;
    ++outcome_.broken;
    std::cout << fmt::format("BROKEN: {} at call {}: {}", what_, point, trouble) << std::endl;
  }

  const Arguments& arguments_;
  std::mt19937_64 dice_;
  Workplace work_;
  SampleSource source_;
  UniqueFd source_dir_;
  FaultServer server_;
  DiskImage empty_;
  DiskImage older_;
  std::vector<std::string> newest_;  ///< Commits of small_ref and other_ref.
  LeftOvers left_overs_ = LeftOvers::None;
  std::string what_;
  Outcome outcome_;
};

Outcome run_trial(Trial& trial, const std::string& what) {
  if (what == "kill") return trial.kill();
  if (what == "beside") return trial.kill_beside();
  if (what == "random") return trial.kill_at_random();
  return trial.fail();
}

std::size_t run_mode(const Arguments& arguments, repo::Mode mode) {
  Trial trial(arguments, mode);
  const Outcome outcome = run_trial(trial, arguments.what);
  std::cout << fmt::format(
                   "{}, {}: {} points, {} pulls were complete all the same, {} pulled again, {} "
                   "by ostree: {} broken",
                   arguments.what, repo::config_name(mode), outcome.points, outcome.too_late,
                   outcome.pulled, outcome.by_ostree, outcome.broken)
            << std::endl;
  return outcome.broken;
}

int run_all(const Arguments& arguments) {
  std::cout << "seed " << arguments.seed << std::endl;
  const std::size_t broken =
      sum_over_modes(arguments.mode, [&](repo::Mode mode) { return run_mode(arguments, mode); });
  return broken == 0 ? 0 : 1;
}

}  // namespace

}  // namespace xylem::test

int main(int argc, char** argv) {
  CLI::App app("Pulls that are interrupted, and what they leave");
  xylem::test::Arguments arguments;
  app.add_option("what", arguments.what)
      ->required()
      ->check(CLI::IsMember({"kill", "beside", "random", "fail"}));
  app.add_option("--mode", arguments.mode, "only this one");
  app.add_option("--count", arguments.count, "points in each mode; 0: each call (not for random)");
  app.add_option("--pull-every", arguments.pull_every)->check(CLI::PositiveNumber);
  app.add_option("--ostree-every", arguments.ostree_every)->check(CLI::PositiveNumber);
  app.add_option("--seed", arguments.seed);
  app.add_option("--child", arguments.child, "the program pull-child")->required();
  app.add_option("--xylem", arguments.xylem, "the program xylem, for random");
  CLI11_PARSE(app, argc, argv);
  return xylem::test::run_program([&] { return xylem::test::run_all(arguments); });
}
