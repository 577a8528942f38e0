// Memory, width, descriptors, cancellation.

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "fetcher/fetch_client.hpp"
#include "support/fault_server.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using namespace std::chrono_literals;
using test::FaultServer;
using test::TempDir;

namespace {

constexpr std::size_t file_count = 50;

/// A server with files `0` to `49`, of 100 kB each.
struct Site {
  TempDir dir;
  FaultServer server{dir.fd()};

  Site() {
    for (std::size_t i = 0; i < file_count; ++i)
      test::write_file(dir / std::to_string(i), noise(100'000, static_cast<unsigned>(i)));
  }
  std::vector<Request> requests(std::size_t count) const {
    std::vector<Request> requests;
    for (std::size_t i = 0; i < count; ++i)
      requests.push_back({.urls = {server.url(std::to_string(i % file_count))}});
    return requests;
  }
};

std::size_t open_descriptors() {
  return list_directory(os::open_dir({FileDescriptor::cwd(), "/proc/self/fd"})).size();
}

/// The server is in this process, too, and closes its ends a little later.
bool comes_back_to(std::size_t descriptors) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (open_descriptors() != descriptors) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

constexpr auto patience = 60s;

std::size_t bytes_in_memory(const std::vector<Ending>& endings) {
  std::size_t sum = 0;
  for (const auto& ending : endings)
    if (ending.response) sum += ending.response->body.bytes.size();
  return sum;
}

}  // namespace

TEST_CASE("bodies in memory stay within the budget", "[fetcher]") {
  Site site;
  FetchClient client({.memory_budget = 1'000'000});
  std::vector<Ending> endings(file_count);
  auto requests = site.requests(file_count);
  for (std::size_t i = 0; i < file_count; ++i) client.start(std::move(requests[i]), endings[i]);
  // Nobody destroys a body: at some point nothing more is started.
  const auto count_done = [&] {
    return std::ranges::count_if(endings, [](auto& e) { return e.response.has_value(); });
  };
  while (client.io().run_for(300ms) > 0 || count_done() == 0)
    CHECK(bytes_in_memory(endings) <= 1'000'000);
  const auto done = count_done();
  CHECK(done < static_cast<long>(file_count));

  // As bodies are destroyed, on another thread, the rest comes in.
  std::size_t finished = 0;
  while (finished < file_count) {
    for (auto& ending : endings) {
      if (!ending.response) continue;
      std::thread([body = std::move(ending.response->body)] {}).join();
      ending.response.reset();
      ++finished;
    }
    client.io().run_for(50ms);
  }
  CHECK(std::ranges::none_of(endings, [](auto& ending) { return ending.error.has_value(); }));
  CHECK(client.fetcher().stats().in_flight == 0);
}

TEST_CASE("a body larger than the budget goes to a file instead of waiting forever", "[fetcher]") {
  Site site;
  const auto words = GENERATE(as<std::string>(), "", "chunked");
  site.server.set_fault(words);
  FetchClient client({.memory_budget = 1000});
  auto endings = client.end_all(site.requests(4));
  for (std::size_t i = 0; i < endings.size(); ++i) {
    REQUIRE(endings[i].response);
    CHECK_FALSE(endings[i].response->body.in_memory());
    CHECK(client.content(std::move(*endings[i].response)) ==
          noise(100'000, static_cast<unsigned>(i)));
  }
}

TEST_CASE("never more requests at once than allowed", "[fetcher]") {
  Site site;
  site.server.set_fault("latency=20");
  FetchClient client({.max_requests = 3});
  std::vector<Ending> endings(12);
  auto requests = site.requests(12);
  for (std::size_t i = 0; i < 12; ++i) client.start(std::move(requests[i]), endings[i]);
  std::uint32_t most = 0;
  while (client.io().run_one() > 0) most = std::max(most, client.fetcher().stats().in_flight);
  CHECK(most == 3);
  CHECK(client.fetcher().stats().requests == 12);
}

TEST_CASE("metadata goes before content", "[fetcher]") {
  Site site;
  FetchClient client({.max_requests = 1});
  auto requests = site.requests(4);
  requests[3].priority = Priority::Metadata;
  client.end_all(std::move(requests));
  const auto seen = site.server.requests();
  REQUIRE(seen.size() == 4);
  CHECK(seen[1].target == "/3");  // the first one was on its way already
}

TEST_CASE("five thousand requests, and not one descriptor left", "[fetcher]") {
  Site site;
  const std::size_t before = open_descriptors();
  {
    FetchClient client({.memory_budget = 1ULL << 30});  // all bodies are kept until the end
    auto endings = client.end_all(site.requests(5000));
    std::size_t good = 0;
    for (std::size_t i = 0; i < endings.size(); ++i)
      if (endings[i].response && endings[i].response->body.size == 100'000) ++good;
    CHECK(good == 5000);
    CHECK(client.fetcher().stats().requests == 5000);
    CHECK(client.fetcher().stats().in_flight == 0);
    endings.clear();
  }
  CHECK(comes_back_to(before));
}

TEST_CASE("cancelling ends every fetch, and those to come", "[fetcher]") {
  Site site;
  const auto words = GENERATE(as<std::string>(), "stall=0", "stall=50000", "latency=100000",
                              "status=503 retry-after=1000", "rate=2000");
  CAPTURE(words);
  site.server.set_fault(words);
  FetchClient client({.low_speed_time_seconds = 1000, .max_requests = 4});
  boost::asio::steady_timer timer(client.io(), 200ms);
  std::chrono::steady_clock::time_point cancelled;
  timer.async_wait([&](auto) {
    cancelled = std::chrono::steady_clock::now();
    client.fetcher().cancel();
  });
  const auto endings = client.end_all(site.requests(10));
  for (const auto& ending : endings) {
    REQUIRE(ending.error);
    CHECK(ending.error->kind() == ErrorKind::Cancelled);
  }
  // Long before anything would end of itself, however busy the machine is.
  CHECK(std::chrono::steady_clock::now() - cancelled < 20s);
  CHECK(client.failure(site.server.url("0")).kind() == ErrorKind::Cancelled);
  CHECK(client.fetcher().stats().in_flight == 0);
}

TEST_CASE("one fetch is cancelled by its slot", "[fetcher]") {
  Site site;
  site.server.set_fault("path=/0 stall=10");
  FetchClient client;
  boost::asio::cancellation_signal signal;
  std::optional<ErrorKind> kind;
  const auto fetch = [&]() -> boost::asio::awaitable<void> {
    Request request{.urls = {site.server.url("0")}};
    try {
      co_await client.fetcher().fetch(std::move(request));
    } catch (const Error& error) {
      kind = error.kind();
    }
  };
  boost::asio::co_spawn(client.io(), fetch(),
                        boost::asio::bind_cancellation_slot(signal.slot(), boost::asio::detached));
  client.io().run_for(100ms);
  signal.emit(boost::asio::cancellation_type::terminal);
  client.run();
  CHECK(kind == ErrorKind::Cancelled);
  CHECK(client.get(site.server.url("1")).body.size == 100'000);  // others go on
}

TEST_CASE("a fetcher may go while it fetches", "[fetcher]") {
  Site site;
  site.server.set_fault("stall=10");
  const std::size_t before = open_descriptors();
  SECTION("with its loop running on") {
    boost::asio::io_context io;
    TempDir dir;
    std::optional<Fetcher> fetcher(std::in_place, io.get_executor(), FetcherOptions{}, dir.fd());
    std::optional<ErrorKind> kind;
    Request request{.urls = {site.server.url("0")}};
    boost::asio::co_spawn(io, fetcher->fetch(std::move(request)),
                          [&](std::exception_ptr error, const Response&) {
                            try {
                              std::rethrow_exception(error);
                            } catch (const Error& cancelled) {
                              kind = cancelled.kind();
                            }
                          });
    io.run_for(100ms);
    fetcher.reset();
    io.run();
    CHECK(kind == ErrorKind::Cancelled);
  }
  SECTION("with its loop") {
    FetchClient client;
    Ending ending;
    client.start({.urls = {site.server.url("0")}}, ending);
    client.io().run_for(100ms);
  }
  CHECK(comes_back_to(before));
}

TEST_CASE("a full disk is told, and not tried again", "[fetcher]") {
  TempDir downloads;
  const auto mounted =
      test::run({"mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", downloads.path()});
  if (mounted.status != 0) {
    WARN("skipped: only root may mount a small file system");
    return;
  }
  TempDir dir;
  test::write_file(dir / "large", noise(4 * large_body));
  FaultServer server(dir.fd());
  std::optional<Error> error;
  {
    const auto full = os::open_dir({FileDescriptor::cwd(), downloads.path()});
    FetchClient client({}, full);
    error = client.failure(Request{.urls = {server.url("large")}, .resume_name = "x.filez"});
  }
  CHECK(test::run({"umount", downloads.path()}).status == 0);
  CHECK(error->kind() == ErrorKind::NoSpace);
  CHECK(error->details().attempts == 1);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a cancelled fetch that waits for memory does not keep the executor busy", "[fetcher]") {
  Site site;
  FetcherOptions options;
  options.memory_budget = 100'000;
  FetchClient client(options);
  auto requests = site.requests(2);
  Ending holds_the_memory;
  Ending waits;
  client.start(std::move(requests[0]), holds_the_memory);
  client.start(std::move(requests[1]), waits);
  while (!holds_the_memory.response && !holds_the_memory.error) client.io().run_one();
  REQUIRE(holds_the_memory.response);
  REQUIRE(client.fetcher().stats().in_flight == 0);
  client.fetcher().cancel();
  client.io().run_for(patience);
  CHECK(client.io().stopped());
  CHECK(waits.error);
}

TEST_CASE("without TLS no request waits for the answer to another one", "[fetcher]") {
  Site site;
  site.server.set_fault("latency=100000");
  constexpr std::size_t count = 8;
  FetchClient client;
  std::vector<Ending> endings(count);
  auto requests = site.requests(count);
  for (std::size_t i = 0; i < count; ++i) client.start(std::move(requests[i]), endings[i]);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (site.server.requests().size() < count && std::chrono::steady_clock::now() < deadline)
    client.io().run_for(5ms);
  CHECK(site.server.requests().size() == count);
  client.fetcher().cancel();
  client.run();
}
