#include "task/work_pool.hpp"

#include <boost/asio/post.hpp>

#include <utility>

#include "task/thread_policy.hpp"

namespace xylem {

namespace {

/// For so long finished jobs wait for others that go back with them.
constexpr auto patience = std::chrono::milliseconds(1);

}  // namespace

WorkPool::WorkPool(asio::io_context& home, unsigned threads) : home_(home) {
  for (unsigned i = 0; i < threads; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

WorkPool::~WorkPool() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void WorkPool::submit(std::unique_ptr<Job> job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  ready_.notify_one();
}

void WorkPool::work(const std::stop_token& stop) {
  // The thread that coordinates keeps the network and the other threads busy: it goes first.
  compute_without_preempting();
  while (auto job = next(stop)) {
    job->run();
    keep(std::move(job));
  }
}

/// Null at the end.
std::unique_ptr<WorkPool::Job> WorkPool::next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, stop, [this] { return !waiting_.empty(); });
  if (stop.stop_requested()) return nullptr;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  const bool is_long = job->length == Length::Long;
  Jobs due = is_long ? std::exchange(done_, {}) : Jobs();
  lock.unlock();
  give_back(std::move(due));
  return job;
}

/// Gives it back with the others, now or later.
void WorkPool::keep(std::unique_ptr<Job> done) {
  Jobs due;
  {
    const std::lock_guard lock(mutex_);
    done_.push_back(std::move(done));
    const auto now = Clock::now();
    if (!waiting_.empty() && now - given_back_ < patience) return;
    given_back_ = now;
    due = std::exchange(done_, {});
  }
  give_back(std::move(due));
}

void WorkPool::give_back(Jobs done) {
  if (done.empty()) return;
  asio::post(home_, [done = std::move(done)] {
    for (const auto& job : done) job->finish();
  });
}

}  // namespace xylem
