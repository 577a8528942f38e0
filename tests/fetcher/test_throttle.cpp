// Rate, quota, and what is reported of each request.

#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>
#include <chrono>

#include "fetcher/fetch_client.hpp"
#include "support/fault_server.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using namespace std::chrono_literals;
using test::FaultServer;
using test::TempDir;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t file_size = 500'000;

struct Site {
  TempDir dir;
  Bytes content = noise(file_size);
  FaultServer server{dir.fd()};

  Site() { test::write_file(dir / "file", content); }
  std::vector<Request> requests(std::size_t count) const {
    std::vector<Request> requests;
    for (std::size_t i = 0; i < count; ++i)
      requests.push_back(
          {.urls = {server.url("file")}, .resume_name = std::to_string(i) + ".filez"});
    return requests;
  }
};

}  // namespace

TEST_CASE("all transfers together keep to the rate", "[fetcher]") {
  Site site;
  FetchClient client({.rate = RateLimit(2'000'000)});
  const auto start = Clock::now();
  const auto endings = client.end_all(site.requests(4));
  // Slower is never wrong here; that it is not faster is what the limit is for.
  CHECK(Clock::now() - start >= 800ms);
  for (const auto& ending : endings) {
    REQUIRE(ending.response);
    CHECK(ending.response->body.bytes == site.content);
  }
}

TEST_CASE("the rate is changed while transfers run", "[fetcher]") {
  Site site;
  RateLimit rate(1000);  // would take more than eight minutes
  FetchClient client({.rate = rate});
  boost::asio::steady_timer timer(client.io(), 300ms);
  timer.async_wait([&](auto) { rate.set(0); });
  const auto endings = client.end_all(site.requests(2));
  for (const auto& ending : endings) CHECK(ending.response.has_value());
  CHECK(client.fetcher().stats().retries == 0);
}

TEST_CASE("a limited transfer is cancelled at once", "[fetcher]") {
  Site site;
  FetchClient client({.rate = RateLimit(1000)});
  boost::asio::steady_timer timer(client.io(), 300ms);
  timer.async_wait([&](auto) { client.fetcher().cancel(); });
  for (const auto& ending : client.end_all(site.requests(2)))
    CHECK(ending.error->kind() == ErrorKind::Cancelled);
}

TEST_CASE("files of this machine are not limited", "[fetcher]") {
  Site site;
  FetchClient client({.rate = RateLimit(1000)});
  CHECK(client.get("file://" + (site.dir / "file")).body.bytes == site.content);
}

TEST_CASE("when the quota is used up everything ends, and can be gone on with", "[fetcher]") {
  Site site;
  TempDir downloads;
  std::uint64_t received = 0;
  std::size_t done = 0;
  int rounds = 0;
  while (done < 4 && ++rounds < 20) {
    FetchClient client({.max_requests = 1, .max_bytes = 300'000}, downloads.fd());
    auto requests = site.requests(4);
    requests.erase(requests.begin(), requests.begin() + static_cast<std::ptrdiff_t>(done));
    for (auto& ending : client.end_all(std::move(requests))) {
      if (ending.response) {
        ++done;
        CHECK(client.content(std::move(*ending.response)) == site.content);
      } else {
        CHECK(ending.error->kind() == ErrorKind::Cancelled);
        CHECK_FALSE(ending.error->details().hint.empty());
      }
    }
    received += client.fetcher().stats().bytes_received;
  }
  CHECK(done == 4);
  CHECK(received < 4 * file_size * 12 / 10);
}

TEST_CASE("each request is reported, without secrets", "[fetcher]") {
  Site site;
  std::vector<ExchangeReport> reports;
  FetcherOptions options;
  options.headers = {{"Authorization", "Bearer secret"}};
  options.observer = [&](const ExchangeReport& report) { reports.push_back(report); };
  site.server.set_fault("status=503 count=1");
  FetchClient client(std::move(options));
  const std::string port = std::to_string(site.server.port());
  client.get("http://user:secret@127.0.0.1:" + port + "/file?token=secret");
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].status == 503);
  CHECK(reports[0].attempt == 1);
  CHECK(reports[1].status == 200);
  CHECK(reports[1].attempt == 2);
  CHECK(reports[1].bytes == file_size);
  CHECK(reports[1].protocol == "HTTP/1.1");
  CHECK(describe(reports[1]).find("500000 bytes") != std::string::npos);
  for (const auto& report : reports) CHECK(describe(report).find("secret") == std::string::npos);
}
