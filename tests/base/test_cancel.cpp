#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "support/error_kind.hpp"
#include "xylem/cancel.hpp"

using namespace xylem;

TEST_CASE("a token without source is never cancelled") {
  const CancelToken token;
  bool called = false;
  const auto registration = token.on_cancel([&] { called = true; });
  CHECK_FALSE(token.cancelled());
  CHECK_NOTHROW(token.check());
  CHECK_FALSE(called);
}

TEST_CASE("cancelling reaches every copy, once") {
  const CancelSource source;
  const CancelToken token = source.token();
  const CancelToken copy = token;
  int calls = 0;
  const auto registration = copy.on_cancel([&] { ++calls; });
  CHECK_NOTHROW(token.check());
  source.cancel();
  source.cancel();
  CHECK(calls == 1);
  CHECK(token.cancelled());
  CHECK(error_kind([&] { copy.check(); }) == ErrorKind::Cancelled);
}

TEST_CASE("who comes late is called at once") {
  const CancelSource source;
  source.cancel();
  bool called = false;
  const auto registration = source.token().on_cancel([&] { called = true; });
  CHECK(called);
}

TEST_CASE("a destroyed registration is not called") {
  const CancelSource source;
  int calls = 0;
  {
    const auto dropped = source.token().on_cancel([&] { calls += 1; });
    const auto kept = source.token().on_cancel([&] { calls += 10; });
  }
  auto replaced = source.token().on_cancel([&] { calls += 100; });
  auto moved = source.token().on_cancel([&] { calls += 1000; });
  replaced = std::move(moved);
  source.cancel();
  CHECK(calls == 1000);
}

TEST_CASE("destroying a registration waits for its callback on another thread") {
  const CancelSource source;
  std::promise<void> running;
  std::promise<void> go_on;
  std::atomic<bool> finished = false;
  auto registration = std::make_unique<CancelRegistration>(source.token().on_cancel([&] {
    running.set_value();
    go_on.get_future().wait();
    finished = true;
  }));
  std::thread canceller([&] { source.cancel(); });
  running.get_future().wait();
  std::thread releaser([&] { go_on.set_value(); });
  registration.reset();
  CHECK(finished);
  canceller.join();
  releaser.join();
}

TEST_CASE("a callback may destroy registrations, its own too") {
  const CancelSource source;
  int calls = 0;
  std::unique_ptr<CancelRegistration> own;
  std::unique_ptr<CancelRegistration> other;
  own = std::make_unique<CancelRegistration>(source.token().on_cancel([&] {
    ++calls;
    other.reset();
    own.reset();
  }));
  other = std::make_unique<CancelRegistration>(source.token().on_cancel([&] { ++calls; }));
  source.cancel();
  CHECK(calls == 1);
  CHECK_FALSE(own);
}

TEST_CASE("a callback may own another registration") {
  const CancelSource source;
  int calls = 0;
  const auto inner =
      std::make_shared<CancelRegistration>(source.token().on_cancel([&] { ++calls; }));
  const bool cancel = GENERATE(true, false);
  {
    const auto outer = source.token().on_cancel([&calls, held = inner] { calls += held ? 10 : 0; });
    if (cancel) source.cancel();
  }
  CHECK(calls == (cancel ? 11 : 0));
}

TEST_CASE("threads that register while another cancels are all called") {
  const CancelSource source;
  std::atomic<int> calls = 0;
  std::atomic<bool> go = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      while (!go) continue;
      const auto registration = source.token().on_cancel([&] { ++calls; });
      while (!source.token().cancelled()) continue;
      // The callback may be waiting for its turn on the thread that cancels.
      while (calls < 4) std::this_thread::yield();
    });
  go = true;
  source.cancel();
  for (std::thread& thread : threads) thread.join();
  CHECK(calls == 4);
}
