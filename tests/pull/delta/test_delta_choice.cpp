#include <catch2/catch.hpp>

#include "pull/delta/delta_choice.hpp"
#include "pull/delta/part_runner.hpp"

using namespace xylem::pull;

namespace {

constexpr std::uint64_t kib = 1024;

}  // namespace

TEST_CASE("a request weighs as much as some bytes") {
  CHECK(weight({}) == 0);
  CHECK(weight({.requests = 0, .bytes = 7}) == 7);
  CHECK(weight({.requests = 3, .bytes = 7}) == 3 * bytes_per_request + 7);
  CHECK(weight({.requests = UINT64_MAX, .bytes = 0}) == UINT64_MAX);
  CHECK(weight({.requests = 1, .bytes = UINT64_MAX}) == UINT64_MAX);
}

TEST_CASE("the cheapest way is chosen") {
  const TransferCost loose{.requests = 100, .bytes = 500 * kib};
  CHECK(cheapest({}, loose) == std::nullopt);
  CHECK(cheapest({{1, 600 * kib}}, loose) == 0);
  CHECK(cheapest({{1, 800 * kib}}, loose) == std::nullopt);
  CHECK(cheapest({{1, 600 * kib}, {2, 500 * kib}}, loose) == 1);
  // At the same cost one request is better than many, whatever comes.
  CHECK(cheapest({loose}, loose) == 0);
  CHECK(cheapest({{0, 0}}, {0, 0}) == 0);
}

TEST_CASE("costs are told in words") {
  CHECK(describe({2, 1500}) == "2 requests, 1.5\u00a0kB");
}

TEST_CASE("a decoder takes no more than its dictionary") {
  CHECK(decoder_memory(0) == decoder_memory(1));
  CHECK(decoder_memory(1) < decoder_memory(4096 * kib));
  CHECK(decoder_memory(4096 * kib) < decoder_memory(32 * 1024 * kib));
  CHECK(decoder_memory(UINT64_MAX) == decoder_memory(32 * 1024 * kib));
}
