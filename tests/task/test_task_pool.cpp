#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "task/task_pool.hpp"

using namespace xylem;
using namespace xylem::tree;

TEST_CASE("a pool does all tasks") {
  TaskPool pool(3);
  std::atomic<int> done = 0;
  for (int round = 1; round <= 2; ++round) {
    for (int i = 0; i < 1000; ++i) pool.submit([&] { ++done; });
    pool.wait();
    CHECK(done == 1000 * round);
  }
}

TEST_CASE("a pool passes the first failure on and drops the rest") {
  TaskPool pool(2);
  const auto fill = [&] {
    for (int i = 0; i < 100000; ++i) pool.submit([] { throw std::runtime_error("no"); });
    pool.wait();
  };
  CHECK_THROWS_AS(fill(), std::runtime_error);
  std::atomic<int> done = 0;
  pool.submit([&] { ++done; });
  pool.wait();
  CHECK(done == 1);
}

TEST_CASE("a pool that goes away waits for what runs") {
  std::atomic<int> running = 0;
  {
    TaskPool pool(4);
    for (int i = 0; i < 32; ++i)
      pool.submit([&] {
        ++running;
        std::this_thread::yield();
        --running;
      });
  }
  CHECK(running == 0);
}
