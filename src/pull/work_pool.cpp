#include "pull/work_pool.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace xylem::pull {

namespace {

using Clock = std::chrono::steady_clock;

/// For so long finished jobs wait for others that go back with them.
constexpr auto patience = std::chrono::milliseconds(1);

}  // namespace

WorkPool::WorkPool(asio::io_context& home, unsigned threads) : home_(home) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkPool::~WorkPool() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  ready_.notify_all();
  threads_.clear();
}

void WorkPool::submit(std::unique_ptr<Job> job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  ready_.notify_one();
}

void WorkPool::work() {
  Jobs done;
  auto last = Clock::now();
  for (;;) {
    auto job = next(false);
    if (!job) {
      give_back(std::exchange(done, {}));
      job = next(true);
    }
    if (!job) return;
    job->run();
    done.push_back(std::move(job));
    const auto now = Clock::now();
    if (now - last < patience) continue;
    give_back(std::exchange(done, {}));
    last = now;
  }
}

/// Null if there is none; if it is waited for, only at the end.
std::unique_ptr<WorkPool::Job> WorkPool::next(bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) ready_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
  if (stopped_ || waiting_.empty()) return nullptr;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  return job;
}

void WorkPool::give_back(Jobs done) {
  if (done.empty()) return;
  asio::post(home_, [done = std::move(done)] {
    for (const auto& job : done) job->finish();
  });
}

}  // namespace xylem::pull
