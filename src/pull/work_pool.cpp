#include "pull/work_pool.hpp"

#include <boost/asio/post.hpp>

#include <utility>

#include "base/thread_policy.hpp"

namespace xylem::pull {

namespace {

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
  // The thread that coordinates keeps the network and the other threads busy: it goes first.
  compute_without_preempting();
  for (std::unique_ptr<Job> job; (job = next(std::move(job)));) job->run();
}

/// Null at the end.
std::unique_ptr<WorkPool::Job> WorkPool::next(std::unique_ptr<Job> done) {
  std::unique_lock lock(mutex_);
  if (done) done_.push_back(std::move(done));
  give_back_if_due(lock);
  ready_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
  if (stopped_) return nullptr;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  return job;
}

void WorkPool::give_back_if_due(std::unique_lock<std::mutex>& lock) {
  if (done_.empty()) return;
  const auto now = Clock::now();
  if (!waiting_.empty() && now - given_back_ < patience) return;
  given_back_ = now;
  Jobs jobs = std::exchange(done_, {});
  lock.unlock();
  asio::post(home_, [jobs = std::move(jobs)] {
    for (const auto& job : jobs) job->finish();
  });
  lock.lock();
}

}  // namespace xylem::pull
