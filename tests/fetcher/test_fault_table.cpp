// The whole table of faults: what becomes of each that passes after one request, and of each that
// stays, in how many requests, and how many bytes it wastes. Printed, and held to.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <string_view>

#include "fetcher/fetch_client.hpp"
#include "support/fault_server.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::FaultServer;
using test::TempDir;

namespace {

constexpr std::size_t file_size = 3 * large_body;

struct Row {
  const char* words;
  bool passes;                ///< Fetched in the end if the fault passes.
  unsigned requests;          ///< If it passes after one.
  std::uint64_t most_wasted;  ///< Bytes beyond the file's size, or all if it was not fetched.
  const char* kind;           ///< Of the error if it stays; empty if it is no error.
};

const std::vector<Row> rows = {
    {"latency=50", true, 1, 0, ""},
    {"rate=40000000", true, 1, 0, ""},
    {"chunked", true, 1, 0, ""},
    {"headers=30000", true, 1, 0, ""},
    {"gzip", true, 1, 0, ""},
    {"no-validators", true, 1, 0, ""},
    {"half-range", true, 2, 0, ""},
    {"cut=2000000", true, 2, 0, "corrupt"},
    {"reset=2000000", true, 2, 0, "network"},
    {"stall=2000000", true, 2, 0, "timeout"},
    {"cut=0", true, 2, 0, "corrupt"},
    {"reset=0", true, 2, 0, "network"},
    {"stall=0", true, 2, 0, "timeout"},
    {"length=4000000 cut=3145728", true, 3, file_size, "corrupt"},
    {"status=408", true, 2, 100, "timeout"},
    {"status=425", true, 2, 100, "network"},
    {"status=429", true, 2, 100, "network"},
    {"status=429 retry-after=1", true, 2, 100, "network"},
    {"status=500", true, 2, 100, "network"},
    {"status=502", true, 2, 100, "network"},
    {"status=503", true, 2, 100, "network"},
    {"status=503 retry-after=1", true, 2, 100, "network"},
    {"status=504", true, 2, 100, "timeout"},
    {"status=400", false, 1, 100, "network"},
    {"status=401", false, 1, 100, "unauthorized"},
    {"status=403", false, 1, 100, "unauthorized"},
    {"status=404", false, 1, 100, "not-found"},
    {"status=410", false, 1, 100, "not-found"},
    {"status=416", false, 1, 100, "network"},
    {"status=451", false, 1, 100, "network"},
    {"redirect=ftp://h/x", false, 1, 100, "network"},
};

struct Site {
  TempDir dir;
  Bytes content = noise(file_size);
  FaultServer server{dir.fd()};

  Site() { test::write_file(dir / "file", content); }
  Request request() const {
    return {.urls = {server.url("file")}, .max_size = 2 * file_size, .resume_name = "x.filez"};
  }
};

bool stalls(const Row& row) {
  return std::string_view(row.words).starts_with("stall");
}

/// Short of patience only where nothing comes: a busy machine may be slow at any time.
FetcherOptions options_for(const Row& row, unsigned retries) {
  return {.retries = retries, .low_speed_time_seconds = stalls(row) ? 1U : 30U};
}

void print(const Row& row, const char* when, const Ending& ending, const FetcherStats& stats,
           std::uint64_t wasted) {
  const std::string outcome = ending.response ? "fetched" : std::string(name(ending.error->kind()));
  std::puts(fmt::format("fault table: {:<28} {:<7} {:<12} {} requests, {} bytes wasted", row.words,
                        when, outcome, stats.requests, wasted)
                .c_str());
}

}  // namespace

TEST_CASE("each fault that passes costs what it must", "[fetcher]") {
  for (const Row& row : rows) {
    CAPTURE(row.words);
    Site site;
    site.server.set_fault(std::string("count=1 ") + row.words);
    FetchClient client(options_for(row, 10));
    Ending ending = client.end(site.request());
    const FetcherStats stats = client.fetcher().stats();
    const std::uint64_t wasted = stats.bytes_received - (ending.response ? file_size : 0);
    print(row, "passes", ending, stats, wasted);
    CHECK(ending.response.has_value() == row.passes);
    CHECK((stats.requests == row.requests || (stalls(row) && stats.requests > row.requests)));
    CHECK(wasted <= row.most_wasted);
    if (ending.response) CHECK(client.content(std::move(*ending.response)) == site.content);
  }
}

TEST_CASE("each fault that stays ends with its kind, in time", "[fetcher]") {
  for (const Row& row : rows) {
    CAPTURE(row.words);
    if (*row.kind == '\0') continue;
    Site site;
    site.server.set_fault(row.words);
    FetchClient client(options_for(row, 0));
    const Ending ending = client.end(site.request());
    print(row, "stays", ending, client.fetcher().stats(), client.fetcher().stats().bytes_received);
    REQUIRE(ending.error);
    CHECK(name(ending.error->kind()) == row.kind);
    CHECK(ending.error->details().attempts == 1);
  }
}

TEST_CASE("a flood of headers is refused", "[fetcher]") {
  Site site;
  site.server.set_fault("headers=2000000");
  FetchClient client({.retries = 1});
  const Ending ending = client.end(site.request());
  REQUIRE(ending.error);
  CHECK(client.fetcher().stats().requests <= 2);
}
