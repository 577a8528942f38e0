// A link that is cut, freezes, or is away for long.

#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <random>

#include "fetcher/fetch_client.hpp"
#include "support/fault_server.hpp"
#include "support/relay.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using namespace std::chrono_literals;
using test::FaultServer;
using test::Relay;
using test::TempDir;

namespace {

struct Site {
  TempDir dir;
  Bytes large = noise(40 * large_body);
  FaultServer server{dir.fd()};
  Relay relay{server.port()};

  Site() { test::write_file(dir / "large", large); }
  Request request() const {
    return {.urls = {"http://127.0.0.1:" + std::to_string(relay.port()) + "/large"},
            .resume_name = "x.filez"};
  }
};

FetcherOptions patient_for_a_second() {
  return {.connect_timeout_seconds = 1, .low_speed_limit_bytes = 1, .low_speed_time_seconds = 1};
}

}  // namespace

TEST_CASE("a large body whose link is cut twenty times costs its bytes once", "[fetcher]") {
  Site site;
  std::minstd_rand dice(7);
  std::uniform_int_distribution<std::uint64_t> size(1'000'000, 2'900'000);
  FetcherOptions options;
  options.retries = 3;
  options.observer = [&](const ExchangeReport&) { site.relay.cut_after(size(dice)); };
  site.relay.cut_after(size(dice));
  FetchClient client(std::move(options));
  CHECK(client.content(client.get(site.request())) == site.large);
  const FetcherStats stats = client.fetcher().stats();
  CHECK(stats.requests >= 14);
  CHECK(stats.bytes_received <= site.large.size() * 102 / 100);
}

TEST_CASE("a link that freezes is torn down, and gone on without", "[fetcher]") {
  Site site;
  site.relay.freeze(true);
  FetcherOptions options = patient_for_a_second();
  options.retries = 20;
  options.observer = [&](const ExchangeReport&) { site.relay.freeze(false); };
  FetchClient client(std::move(options));
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK(site.relay.connections() > 1);
}

TEST_CASE("a link that stays frozen ends in time", "[fetcher]") {
  Site site;
  site.relay.freeze(true);
  FetcherOptions options = patient_for_a_second();
  options.retries = 1;
  FetchClient client(std::move(options));
  const ErrorKind kind = client.failure(site.request()).kind();
  CHECK((kind == ErrorKind::Timeout || kind == ErrorKind::Network || kind == ErrorKind::Corrupt));
}

TEST_CASE("the network is waited for, if that is wanted", "[fetcher]") {
  Site site;
  site.relay.refuse(true);
  FetcherOptions options{.retries = 0};
  SECTION("until it is there") {
    options.wait_online = true;
    FetchClient client(std::move(options));
    boost::asio::steady_timer timer(client.io(), 1s);
    timer.async_wait([&](auto) { site.relay.refuse(false); });
    CHECK(client.content(client.get(site.request())) == site.large);
  }
  SECTION("or until it is no longer wanted") {
    options.wait_online = true;
    FetchClient client(std::move(options));
    boost::asio::steady_timer timer(client.io(), 1s);
    timer.async_wait([&](auto) { client.fetcher().cancel(); });
    CHECK(client.failure(site.request()).kind() == ErrorKind::Cancelled);
  }
  SECTION("else that is an error") {
    CHECK(FetchClient(std::move(options)).failure(site.request()).kind() == ErrorKind::Network);
  }
}

TEST_CASE("a network that is lost within a body is waited for, and no byte comes twice",
          "[fetcher]") {
  Site site;
  FetcherOptions options{.retries = 1, .wait_online = true};
  unsigned failures = 0;
  options.observer = [&](const ExchangeReport&) {
    site.relay.cut_after(0);
    site.relay.refuse(++failures < 5);  // for far longer than the retries last
  };
  site.relay.cut_after(1'000'000);
  FetchClient client(std::move(options));
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK(failures >= 5);
  CHECK(client.fetcher().stats().bytes_received <= site.large.size() * 102 / 100);
}

TEST_CASE("a server that refuses for good is not waited for", "[fetcher]") {
  Site site;
  site.server.set_fault("status=404");
  FetchClient client({.wait_online = true});
  CHECK(client.failure(site.request()).kind() == ErrorKind::NotFound);
}
