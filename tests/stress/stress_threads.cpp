// stress-threads REPO --commit REF@COMMIT… [--threads N] [--seconds N] [--seed N]
//
// Pulls random ones of the given commits from "origin" into one repository, in several threads at
// once through the public interface, until the time is over; some pulls are cancelled on their way.
// What a pull says is complete must be. Prints how many pulls came to which end; the exit status is
// 1 if one ended as none should.

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "xylem/repository.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using xylem::ErrorKind;

struct Arguments {
  std::string repo;
  std::vector<std::string> commits;
  unsigned threads = 4;
  double seconds = 5;
  std::uint64_t seed = std::random_device()();
};

/// How pulls ended, of all threads.
class Tally {
 public:
  void add(const std::string& end) {
    const std::lock_guard lock(mutex_);
    ++counts_[end];
  }
  void fail(const std::string& message) {
    const std::lock_guard lock(mutex_);
    std::cout << "BROKEN: " << message << std::endl;
    failed_ = true;
  }
  /// When no thread uses it any more.
  int finish() const {
    for (const auto& [end, count] : counts_) std::cout << count << ' ' << end << '\n';
    return failed_ ? 1 : 0;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, unsigned> counts_;
  bool failed_ = false;
};

/// Cancels its pull once it has told so many times what it is doing.
class Canceller : public xylem::PullObserver {
 public:
  Canceller(xylem::CancelSource& source, int after) : source_(source), left_(after) {}
  void on_progress(const xylem::PullProgress&) override {
    if (left_-- == 0) source_.cancel();
  }

 private:
  xylem::CancelSource& source_;
  int left_;
};

/// A server that fails now and then may be too much for the retries.
bool may_happen(ErrorKind kind) {
  // A newer commit of the same ref may come first.
  return kind == ErrorKind::Network || kind == ErrorKind::Timeout || kind == ErrorKind::Cancelled ||
         kind == ErrorKind::Conflict;
}

class Puller {
 public:
  Puller(const Arguments& arguments, unsigned number, Tally& tally)
      : arguments_(arguments),
        dice_(arguments.seed + number),
        tally_(tally),
        repository_(xylem::Repository::open(arguments.repo)) {}

  void run(Clock::time_point end) {
    while (Clock::now() < end) pull();
  }

 private:
  unsigned roll(unsigned sides) { return static_cast<unsigned>(dice_() % sides); }

  xylem::PullOptions options() {
    xylem::PullOptions options;
    options.remote = "origin";
    options.update_frequency = std::chrono::milliseconds(5);
    for (unsigned left = 1 + roll(2); left > 0; --left) {
      const std::string& commit =
          arguments_.commits[roll(static_cast<unsigned>(arguments_.commits.size()))];
      const std::string ref = commit.substr(0, commit.find('@'));
      const bool is_new = options.refs.empty() || !options.refs.front().starts_with(ref + "@");
      if (is_new) options.refs.push_back(commit);
    }
    return options;
  }

  void pull() {
    xylem::CancelSource cancel;
    Canceller canceller(cancel, roll(4) == 0 ? static_cast<int>(roll(20)) : -1);
    try {
      const xylem::PullResult result = repository_.pull(options(), &canceller, cancel.token());
      tally_.add("complete");
      for (const xylem::PulledRef& ref : result.refs)
        if (!repository_.is_complete(ref.commit))
          tally_.add("complete, and marked partial by another one since");
    } catch (const xylem::Error& error) {
      tally_.add(std::string(name(error.kind())));
      if (!may_happen(error.kind())) tally_.fail(error.what());
    }
  }

  const Arguments& arguments_;
  std::mt19937_64 dice_;
  Tally& tally_;
  xylem::Repository repository_;
};

int run(const Arguments& arguments) {
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(arguments.seconds));
  Tally tally;
  std::vector<std::jthread> threads;
  for (unsigned number = 0; number < arguments.threads; ++number)
    threads.emplace_back([&, number] {
      try {
        Puller(arguments, number, tally).run(end);
      } catch (const std::exception& error) {
        tally.fail(error.what());
      }
    });
  threads.clear();
  return tally.finish();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Many pulls into one repository");
  Arguments arguments;
  app.add_option("repo", arguments.repo)->required();
  app.add_option("--commit", arguments.commits, "REF@COMMIT")->required();
  app.add_option("--threads", arguments.threads)->check(CLI::PositiveNumber);
  app.add_option("--seconds", arguments.seconds);
  app.add_option("--seed", arguments.seed);
  CLI11_PARSE(app, argc, argv);
  return run(arguments);
}
