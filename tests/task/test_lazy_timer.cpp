#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "task/lazy_timer.hpp"

using xylem::LazyTimer;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  boost::asio::io_context io;
  int fired = 0;
  LazyTimer timer{io.get_executor(), [this] { ++fired; }};
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a deadline comes once") {
  const auto delay = GENERATE(0ms, 1ms);
  timer.set(delay);
  CHECK(fired == 0);
  io.run();
  CHECK(fired == 1);
}

TEST_CASE_METHOD(Fixture, "the last deadline counts, be it nearer or farther") {
  const auto first = GENERATE(0ms, 1ms, 24h);
  const auto began = std::chrono::steady_clock::now();
  timer.set(first);
  timer.set(20ms);
  while (fired == 0) io.run_one();
  CHECK(std::chrono::steady_clock::now() - began >= 20ms);
  io.poll();
  CHECK(fired == 1);
}

TEST_CASE_METHOD(Fixture, "a cleared deadline does not come") {
  const auto delay = GENERATE(0ms, 1ms);
  timer.set(delay);
  timer.clear();
  io.run();
  CHECK(fired == 0);
  timer.set(1ms);
  io.restart();
  io.run();
  CHECK(fired == 1);
}

TEST_CASE_METHOD(Fixture, "stopping lets the executor go") {
  timer.set(24h);
  timer.stop();
  io.run();
  CHECK(fired == 0);
}

TEST_CASE("a timer may go while it is waited for") {
  boost::asio::io_context io;
  for (const auto delay : {0ms, 1ms}) {
    LazyTimer timer(io.get_executor(), [] { FAIL("it is gone"); });
    timer.set(delay);
  }
  io.run();
}

TEST_CASE("a deadline may be set when one comes") {
  boost::asio::io_context io;
  int left = 3;
  LazyTimer* self = nullptr;
  LazyTimer timer(io.get_executor(), [&] {
    if (--left > 0) self->set(left == 1 ? 1ms : 0ms);
  });
  self = &timer;
  timer.set(0ms);
  io.run();
  CHECK(left == 0);
}
