#include "task/task_pool.hpp"

#include <algorithm>
#include <utility>

namespace xylem::tree {

namespace {

constexpr std::size_t queue_limit = 64;
constexpr unsigned max_threads = 8;

unsigned thread_count(unsigned wanted) {
  const unsigned count = wanted != 0 ? wanted : std::thread::hardware_concurrency();
  return std::clamp(count, 1U, max_threads);
}

}  // namespace

TaskPool::TaskPool(unsigned threads) {
  for (unsigned i = 0; i < thread_count(threads); ++i) threads_.emplace_back([this] { work(); });
}

TaskPool::~TaskPool() {
  const std::lock_guard lock(mutex_);
  queue_.clear();
  stopping_ = true;
  work_ready_.notify_all();
}

void TaskPool::submit(Task task) {
  std::unique_lock lock(mutex_);
  progress_.wait(lock, [this] { return queue_.size() < queue_limit || error_; });
  rethrow(lock);
  queue_.push_back(std::move(task));
  work_ready_.notify_one();
}

void TaskPool::wait() {
  std::unique_lock lock(mutex_);
  progress_.wait(lock, [this] { return queue_.empty() && running_ == 0; });
  rethrow(lock);
}

void TaskPool::rethrow(std::unique_lock<std::mutex>& lock) {
  if (!error_) return;
  progress_.wait(lock, [this] { return running_ == 0; });
  std::rethrow_exception(std::exchange(error_, nullptr));
}

void TaskPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_ready_.wait(lock, [this] { return !queue_.empty() || stopping_; });
    if (queue_.empty()) return;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    lock.unlock();
    run(std::move(task));
    lock.lock();
    --running_;
    progress_.notify_all();
  }
}

void TaskPool::run(Task task) {
  try {
    task();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
    queue_.clear();
  }
}

}  // namespace xylem::tree
