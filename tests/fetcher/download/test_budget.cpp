#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "fetcher/download/budget.hpp"

using namespace xylem::fetcher;

TEST_CASE("a budget is never exceeded", "[fetcher]") {
  const auto budget = std::make_shared<Budget>(100, nullptr);
  auto first = budget->try_take(60);
  REQUIRE(first);
  CHECK_FALSE(budget->try_take(60));
  CHECK(first->resize(100));
  CHECK_FALSE(first->resize(101));
  CHECK(first->size() == 100);
  CHECK(first->resize(10));
  CHECK(budget->used() == 10);
  first.reset();
  CHECK(budget->used() == 0);
  CHECK(budget->try_take(1000)->size() == 100);  // as much as there is
}

TEST_CASE("room is announced once for each refusal", "[fetcher]") {
  int calls = 0;
  const auto budget = std::make_shared<Budget>(10, [&] { ++calls; });
  auto all = budget->try_take(10);
  REQUIRE(all);
  CHECK_FALSE(budget->try_take(1));
  CHECK(all->resize(5));
  CHECK(all->resize(4));
  CHECK(calls == 1);
  budget->detach();
  CHECK_FALSE(budget->try_take(10));
  all.reset();
  CHECK(calls == 1);
}

TEST_CASE("shares move without being counted twice", "[fetcher]") {
  const auto budget = std::make_shared<Budget>(10, nullptr);
  BudgetShare kept;
  {
    auto share = budget->try_take(4);
    kept = std::move(*share);
  }
  CHECK(budget->used() == 4);
  kept = BudgetShare();
  CHECK(budget->used() == 0);
}

TEST_CASE("shares are given back on any thread", "[fetcher]") {
  const auto budget = std::make_shared<Budget>(1000, [] {});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([budget] {
      for (int round = 0; round < 1000; ++round) {
        auto share = budget->try_take(300);
        if (share) share->resize(100);
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(budget->used() == 0);
}
