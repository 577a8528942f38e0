#pragma once

/// \file
/// A few threads that work off a short queue.

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace xylem::tree {

/// Owned and fed by one thread. A task that throws stops the rest: what is still queued is dropped,
/// and the exception comes out of the next submit() or wait(). The destructor drops what is queued
/// and waits for what runs.
class TaskPool {
 public:
  using Task = std::function<void()>;

  /// 0 threads: as many as there are processors, up to 8.
  explicit TaskPool(unsigned threads);
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;
  ~TaskPool();

  /// Waits while the queue is full, so that what tasks hold (open directories) stays bounded.
  void submit(Task task);
  /// Returns when all tasks are done. More may be submitted afterwards.
  void wait();

 private:
  void work();
  void run(Task task);
  void rethrow(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable work_ready_;  ///< Tasks were queued, or it is time to stop.
  std::condition_variable progress_;    ///< The queue got shorter, or a task finished.
  // All guarded by mutex_.
  std::deque<Task> queue_;
  unsigned running_ = 0;
  bool stopping_ = false;
  std::exception_ptr error_;

  std::vector<std::jthread> threads_;
};

}  // namespace xylem::tree
