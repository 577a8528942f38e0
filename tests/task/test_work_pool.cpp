#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <numeric>
#include <thread>

#include "task/work_pool.hpp"

using namespace xylem;

namespace {

/// Calls two functions.
class TestJob : public WorkPool::Job {
 public:
  TestJob(WorkPool::Length length, std::function<void()> work, std::function<void()> end)
      : Job(length), work_(std::move(work)), end_(std::move(end)) {}
  void run() noexcept override { work_(); }
  void finish() override { end_(); }

 private:
  std::function<void()> work_;
  std::function<void()> end_;
};

struct Fixture {
  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(io);

  static std::unique_ptr<TestJob> job(
      std::function<void()> work, std::function<void()> end = [] {},
      WorkPool::Length length = WorkPool::Length::Brief) {
    return std::make_unique<TestJob>(length, std::move(work), std::move(end));
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "all jobs come back, on the thread of the executor, in their order") {
  WorkPool pool(io, 1);
  const auto here = std::this_thread::get_id();
  constexpr int count = 5000;
  std::vector<int> ran;
  std::vector<int> finished;
  for (int i = 0; i < count; ++i)
    pool.submit(job([&ran, i] { ran.push_back(i); },
                    [&, i] {
                      CHECK(std::this_thread::get_id() == here);
                      finished.push_back(i);
                      if (finished.size() == count) guard.reset();
                    }));
  io.run();
  std::vector<int> expected(count);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(ran == expected);
  CHECK(finished == expected);
}

TEST_CASE_METHOD(Fixture, "jobs run at the same time") {
  WorkPool pool(io, 2);
  std::promise<void> first;
  std::promise<void> second;
  int finished = 0;
  const auto end = [&] {
    if (++finished == 2) guard.reset();
  };
  const auto meet = [](std::promise<void>& mine, std::promise<void>& other) {
    mine.set_value();
    other.get_future().wait();
  };
  pool.submit(job([&] { meet(first, second); }, end));
  pool.submit(job([&] { meet(second, first); }, end));
  io.run();
  CHECK(finished == 2);
}

TEST_CASE_METHOD(Fixture, "a finished job comes back while another one takes long") {
  WorkPool pool(io, 2);
  std::promise<void> came_back;
  int finished = 0;
  const auto end = [&] {
    if (++finished == 2) guard.reset();
  };
  pool.submit(job([&] { came_back.get_future().wait(); }, end));
  pool.submit(job([] {},
                  [&] {
                    came_back.set_value();
                    end();
                  }));
  io.run();
  CHECK(finished == 2);
}

TEST_CASE_METHOD(Fixture, "what is finished comes back before something long is begun") {
  WorkPool pool(io, 1);
  constexpr int count = 20;
  int finished = 0;
  std::promise<void> all_came_back;
  for (int i = 0; i < count; ++i)
    pool.submit(job([] {},
                    [&] {
                      if (++finished == count) all_came_back.set_value();
                    }));
  pool.submit(job([&] { all_came_back.get_future().wait(); }, [&] { guard.reset(); },
                  WorkPool::Length::Long));
  io.run();
  CHECK(finished == count);
}

TEST_CASE("a pool that ends waits for the job that runs, and lets go of the others") {
  const auto token = std::make_shared<int>();
  std::atomic<bool> ended = false;
  {
    asio::io_context io;
    WorkPool pool(io, 1);
    std::promise<void> begun;
    pool.submit(Fixture::job([&begun, &ended, token] {
      begun.set_value();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      ended = true;
    }));
    begun.get_future().wait();
    for (int i = 0; i < 1000; ++i) pool.submit(Fixture::job([token] {}));
  }
  CHECK(ended);
  CHECK(token.use_count() == 1);
}
