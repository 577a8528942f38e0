#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <numeric>
#include <thread>

#include "task/dispatcher.hpp"
#include "task/offload.hpp"
#include "task/task_group.hpp"

using namespace xylem;

namespace {

struct Fixture {
  asio::io_context io;
  int failures = 0;
  TaskGroup group{io.get_executor()};

  Fixture() {
    group.on_failure([this] { ++failures; });
  }

  asio::awaitable<void> pause(int milliseconds) {
    asio::steady_timer timer(io, std::chrono::milliseconds(milliseconds));
    co_await timer.async_wait(asio::use_awaitable);
  }
  asio::awaitable<void> fail(std::string message) {
    co_await pause(1);
    throw std::runtime_error(message);
  }
  /// Runs everything; returns the message of what join() threw.
  std::string join() {
    std::string message;
    asio::co_spawn(io, group.join(), [&](std::exception_ptr error) {
      try {
        if (error) std::rethrow_exception(error);
      } catch (const std::exception& e) {
        message = e.what();
      }
    });
    io.run();
    return message;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "join waits for all tasks, also those that tasks spawn") {
  int done = 0;
  const auto leaf = [&]() -> asio::awaitable<void> {
    co_await pause(1);
    ++done;
  };
  const auto parent = [&]() -> asio::awaitable<void> {
    co_await pause(1);
    group.spawn(leaf());
    ++done;
  };
  group.spawn(parent());
  group.spawn(parent());
  CHECK(join().empty());
  CHECK(done == 4);
  CHECK(failures == 0);
}

TEST_CASE_METHOD(Fixture, "joining an empty group returns") {
  CHECK(join().empty());
}

TEST_CASE_METHOD(Fixture, "the first failure is everybody's and is told once") {
  group.spawn(fail("first"));
  group.spawn(fail("second"));
  CHECK(join() == "first");
  CHECK(failures == 1);
}

TEST_CASE_METHOD(Fixture,
                 "a dispatcher works on every item, and on no more than its width at once") {
  int running = 0;
  int most = 0;
  int sum = 0;
  Dispatcher<int> dispatcher(group, 3, [&](int item) -> asio::awaitable<void> {
    most = std::max(most, ++running);
    co_await pause(1);
    sum += item;
    --running;
  });
  for (int i = 1; i <= 20; ++i) dispatcher.push(i);
  CHECK(join().empty());
  CHECK(sum == 210);
  CHECK(most == 3);
}

TEST_CASE_METHOD(Fixture, "a dispatcher follows a width that changes") {
  int running = 0;
  std::vector<int> together;  // how many ran when each item was begun
  const auto width = [&]() -> std::size_t {
    const std::size_t begun = together.size();
    return begun < 10 ? 4 : begun < 20 ? 1 : 3;
  };
  Dispatcher<int> dispatcher(group, width, [&](int) -> asio::awaitable<void> {
    together.push_back(++running);
    co_await pause(1);
    --running;
  });
  for (int i = 0; i < 30; ++i) dispatcher.push(i);
  CHECK(join().empty());
  REQUIRE(together.size() == 30);
  CHECK(together[9] == 4);
  CHECK(std::count(together.begin() + 13, together.begin() + 20, 1) == 7);
  CHECK(std::ranges::max(together) == 4);
  CHECK(*std::max_element(together.begin() + 20, together.end()) == 3);
}

TEST_CASE_METHOD(Fixture, "after a failure waiting items are dropped") {
  int begun = 0;
  Dispatcher<int> dispatcher(group, 2, [&](int) -> asio::awaitable<void> {
    ++begun;
    return fail("broken");
  });
  for (int i = 0; i < 100; ++i) dispatcher.push(i);
  CHECK(join() == "broken");
  CHECK(begun <= 3);
}

TEST_CASE_METHOD(Fixture, "offloaded work runs elsewhere, returns here, and carries exceptions") {
  WorkPool pool(io, 2);
  const auto here = std::this_thread::get_id();
  const auto task = [&]() -> asio::awaitable<void> {
    const auto there = co_await offload(pool, [] { return std::this_thread::get_id(); });
    CHECK(there != here);
    CHECK(std::this_thread::get_id() == here);
    bool ran = false;
    co_await offload(pool, [&] { ran = true; });
    CHECK(ran);
    co_await offload(pool, []() -> int { throw std::runtime_error("from the pool"); });
  };
  group.spawn(task());
  CHECK(join() == "from the pool");
}
