#include "task/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/log.hpp"

namespace xylem::repo {

namespace {

class Job {
 public:
  Job(std::size_t count, const std::function<void(std::size_t)>& work)
      : count_(count), work_(work) {}

  /// Does one piece of work; false when there is no more.
  bool step() noexcept {
    const std::size_t index = next_++;
    if (index >= count_) return false;
    try {
      work_(index);
    } catch (...) {
      stop();
    }
    ++done_;
    return true;
  }

  std::size_t done() const { return done_; }

  void stop() noexcept {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
    next_ = count_;
  }

  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::size_t count_;
  const std::function<void(std::size_t)>& work_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> done_ = 0;
  std::mutex mutex_;  ///< Protects error_ while threads run.
  std::exception_ptr error_;
};

unsigned thread_count(unsigned asked, std::size_t work) {
  const unsigned wanted = asked != 0 ? asked : std::max(1U, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::min<std::size_t>(wanted, std::max<std::size_t>(work, 1)));
}

/// Starts as many of `count` threads as the system allows.
std::vector<std::jthread> start_helpers(unsigned count, Job& job) {
  std::vector<std::jthread> helpers;
  try {
    while (helpers.size() < count)
      helpers.emplace_back([&job] {
        while (job.step()) {
        }
      });
  } catch (const std::system_error& error) {
    log_debug("Continuing with {} threads: {}", helpers.size() + 1, error.what());
  }
  return helpers;
}

}  // namespace

void for_each_index(std::size_t count, unsigned threads,
                    const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& tick) {
  Job job(count, work);
  {
    const auto helpers = start_helpers(thread_count(threads, count) - 1, job);
    try {
      while (job.step()) {
        const std::size_t done = job.done();
        if (tick && done < count) tick(done);
      }
    } catch (...) {
      job.stop();
    }
  }
  job.rethrow();
  if (tick) tick(job.done());
}

}  // namespace xylem::repo
