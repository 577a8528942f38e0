#pragma once

/// \file
/// The threads of a pull that compute and write, beside the one that coordinates.

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace xylem {

namespace asio = boost::asio;

/// Takes work from one executor and gives it back when it is done. To wake the other side costs
/// more than to import a small file, so that what is done goes back together: at once if nothing
/// else waits or something long comes next, else after a millisecond or two.
class WorkPool {
 public:
  /// While a brief job runs (some milliseconds), finished ones may wait.
  enum class Length { Brief, Long };

  /// One piece of work.
  class Job {
   public:
    explicit Job(Length length) : length(length) {}
    virtual ~Job() = default;
    const Length length;
    virtual void run() noexcept = 0;  ///< On a thread of the pool.
    virtual void finish() = 0;        ///< On the executor, after run().
  };

  /// `home` is where finish() is called. It must outlive the pool.
  WorkPool(asio::io_context& home, unsigned threads);
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;
  /// Waits for the jobs that run. Those that wait are dropped.
  ~WorkPool();

  /// First come, first served. Any thread. Until the job is finished `home` must be kept from
  /// running out of work.
  void submit(std::unique_ptr<Job> job);

 private:
  using Jobs = std::vector<std::unique_ptr<Job>>;
  using Clock = std::chrono::steady_clock;

  void work(const std::stop_token& stop);
  std::unique_ptr<Job> next(const std::stop_token& stop);
  void keep(std::unique_ptr<Job> done);
  void give_back(Jobs done);

  asio::io_context& home_;
  std::mutex mutex_;  ///< Protects the next three.
  std::deque<std::unique_ptr<Job>> waiting_;
  Jobs done_;  ///< By any of the threads, and not given back yet.
  Clock::time_point given_back_;
  std::condition_variable_any ready_;
  std::vector<std::jthread> threads_;  ///< Last: they use all the others.
};

}  // namespace xylem
