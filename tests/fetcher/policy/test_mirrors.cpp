// Which mirror is asked, and when a bad one is asked again.

#include <catch2/catch.hpp>

#include "fetcher/fetch_client.hpp"
#include "fetcher/policy/mirror_health.hpp"
#include "support/fault_server.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using namespace std::chrono_literals;
using test::FaultServer;
using test::TempDir;

namespace {

const SteadyTime start = SteadyTime{} + 1h;
using Order = std::vector<std::size_t>;

struct Mirror {
  TempDir dir;
  FaultServer server{dir.fd()};

  explicit Mirror(ByteView content) { test::write_file(dir / "file", content); }
};

Request both(const Mirror& first, const Mirror& second) {
  return {.urls = {first.server.url("file"), second.server.url("file")}};
}

}  // namespace

TEST_CASE("mirrors that are well are asked in the order in which they are given", "[fetcher]") {
  struct Row {
    std::vector<MirrorHealth> mirrors;
    Order order;
  };
  const MirrorHealth well;
  const MirrorHealth failed{.failures = 1, .sidelined_until = start + 1s};
  const MirrorHealth over{.failures = 1, .sidelined_until = start};
  const MirrorHealth fast{.bytes_per_second = 1e6};
  const MirrorHealth slow{.bytes_per_second = 1e5};
  const MirrorHealth slower{.bytes_per_second = 3e5};
  MirrorHealth busy;
  busy.load.pause_until(start + 1ms);
  const auto row = GENERATE_COPY(values<Row>({
      {{}, {}},
      {{busy, well}, {1, 0}},
      {{well, well, well}, {0, 1, 2}},
      {{failed, well}, {1, 0}},
      {{over, well}, {0, 1}},
      {{failed, failed, well}, {2, 0, 1}},
      {{slow, fast, well}, {1, 2, 0}},
      {{slower, fast}, {0, 1}},
      {{failed, slow, fast}, {2, 1, 0}},
  }));
  CHECK(mirror_order(row.mirrors, start) == row.order);
}

TEST_CASE("a mirror is left alone the longer the more often it fails", "[fetcher]") {
  MirrorHealth mirror;
  SteadyTime now = start;
  for (const auto expected : {5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    mirror.failed(now);
    mirror.failed(now + 1s);  // another request that was on its way
    CHECK(mirror.sidelined(now + expected - 1s));
    now += expected;
    CHECK_FALSE(mirror.sidelined(now));
  }
  mirror.succeeded(1000, 1s);
  mirror.failed(now);
  CHECK_FALSE(mirror.sidelined(now + first_sideline));
}

TEST_CASE("only large bodies tell of throughput", "[fetcher]") {
  MirrorHealth mirror;
  mirror.succeeded(least_measured_body - 1, 1ms);
  CHECK(mirror.bytes_per_second == 0);
  mirror.succeeded(1'000'000, 1s);
  CHECK(mirror.bytes_per_second == 1'000'000);
  mirror.succeeded(2'000'000, 1s);
  CHECK(mirror.bytes_per_second > 1'000'000);
  CHECK(mirror.bytes_per_second < 2'000'000);
}

TEST_CASE("a mirror that failed is not asked first again", "[fetcher]") {
  const Bytes content = noise(1000);
  Mirror first(content);
  Mirror second(content);
  const auto words =
      GENERATE(as<std::string>(), "status=503", "reset=0", "cut=10", "status=404", "status=401");
  CAPTURE(words);
  first.server.set_fault(words);
  FetchClient client({.retries = 0});
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 5; ++i) {
    const Response response = client.get(both(first, second));
    CHECK(response.body.bytes == content);
    CHECK(response.mirror == second.server.url("file"));
  }
  // Once, and on a machine that is this slow once more each time it may come back.
  const auto comebacks = (std::chrono::steady_clock::now() - began) / first_sideline;
  CHECK(first.server.requests().size() <= 1 + static_cast<std::size_t>(comebacks));
  CHECK(second.server.requests().size() == 5);
}

TEST_CASE("a mirror whose bytes were bad is asked last, or not at all", "[fetcher]") {
  const Bytes content = noise(1000);
  Mirror first(content);
  Mirror second(content);
  FetchClient client({.retries = 0});
  const Response bad = client.get(both(first, second));
  CHECK(bad.mirror == first.server.url("file"));
  SECTION("for this request") {
    Request again = both(first, second);
    again.avoid = {bad.mirror};
    CHECK(client.get(again).mirror == second.server.url("file"));
    again.avoid.push_back(second.server.url("file"));
    CHECK(client.failure(again).kind() == ErrorKind::InvalidArgument);
  }
  SECTION("for all") {
    client.fetcher().blame(bad);
    CHECK(client.get(both(first, second)).mirror == second.server.url("file"));
    second.server.set_fault("status=404");
    CHECK(client.get(both(first, second)).mirror == first.server.url("file"));
  }
}

TEST_CASE("a body that is too large at one mirror is fetched from another", "[fetcher]") {
  Mirror first(noise(2000));
  Mirror second(noise(1000));
  FetchClient client({.retries = 0});
  Request request = both(first, second);
  request.max_size = 1000;
  CHECK(client.get(request).body.size == 1000);
}

TEST_CASE("small bodies are continued, too, if they have a name", "[fetcher]") {
  const Bytes content = noise(200'000);
  Mirror first(content);
  Mirror second(content);
  first.server.set_fault("cut=150000");
  Request request = both(first, second);
  request.resume_name = "x.filez";
  FetchClient client({.retries = 0});
  Response response = client.get(request);
  CHECK(client.content(std::move(response)) == content);
  CHECK(client.fetcher().stats().bytes_received == content.size());
  CHECK(second.server.requests().front().header("Range") == "bytes=150000-");
}

TEST_CASE("one mirror's word is enough for what may not exist, if the other cannot be asked",
          "[fetcher]") {
  Mirror first(noise(1));
  Mirror second(noise(1));
  first.server.set_fault("status=503");
  second.server.set_fault("status=404");
  FetchClient client({.retries = 1});
  Request request = both(first, second);
  const auto began = std::chrono::steady_clock::now();
  CHECK(client.failure(request).kind() == ErrorKind::Network);
  request.optional = true;
  const Error error = client.failure(request);
  if (std::chrono::steady_clock::now() - began >= first_sideline) return;  // back already
  CHECK(error.kind() == ErrorKind::NotFound);
  CHECK(error.details().attempts == 1);  // the sidelined one is not even asked
}
