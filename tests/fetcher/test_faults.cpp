// Each fault of a server, and what becomes of it: outcome, tries, and never a hang.

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include "fetcher/fetch_client.hpp"
#include "support/fault_server.hpp"
#include "support/loopback.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::FaultServer;
using test::TempDir;

namespace {

/// A server with a small file `small` and a large one `large`.
struct Site {
  TempDir dir;
  Bytes small = noise(1000);
  Bytes large = noise(3 * large_body, 2);
  FaultServer server{dir.fd()};

  Site() {
    test::write_file(dir / "small", small);
    test::write_file(dir / "large", large);
  }
};

FetcherOptions few_retries() {
  return {.retries = 2};
}

/// For servers that stall. A busy machine may look like one, too, so tries are not counted then.
FetcherOptions impatient() {
  return {.retries = 20, .low_speed_time_seconds = 1};
}

}  // namespace

TEST_CASE("a failure that may pass is tried again", "[fetcher]") {
  Site site;
  const auto words = GENERATE(as<std::string>(), "status=503", "status=500", "status=429",
                              "status=408", "status=503 retry-after=0", "junk", "cut=0", "cut=10",
                              "reset=0", "reset=10", "length=2000");
  CAPTURE(words);
  site.server.set_fault(words + " count=2");
  FetchClient client(few_retries());
  const Response response = client.get(site.server.url("small"));
  CHECK(response.body.bytes == site.small);
  CHECK(site.server.count("/small") == 3);
  CHECK(client.fetcher().stats().requests == 3);
}

TEST_CASE("a failure that stays ends with its kind and its story", "[fetcher]") {
  struct Row {
    std::string words;
    ErrorKind kind;
    int attempts;
    long status;
  };
  const auto row = GENERATE(values<Row>({
      {"status=404", ErrorKind::NotFound, 1, 404},
      {"status=403", ErrorKind::Unauthorized, 1, 403},
      {"status=410", ErrorKind::NotFound, 1, 410},
      {"status=400", ErrorKind::Network, 1, 400},
      {"status=401", ErrorKind::Unauthorized, 1, 401},
      {"auth=user:secret", ErrorKind::Unauthorized, 1, 401},
      {"status=503", ErrorKind::Network, 3, 503},
      {"status=504", ErrorKind::Timeout, 3, 504},
      {"status=204", ErrorKind::Network, 3, 204},
      {"cut=10", ErrorKind::Corrupt, 3, 200},
      {"length=2000", ErrorKind::Corrupt, 3, 200},
      {"cut=0", ErrorKind::Corrupt, 3, 200},
      {"reset=10", ErrorKind::Network, 3, 200},
      {"junk", ErrorKind::Network, 3, 0},
      {"redirect=/small", ErrorKind::Network, 1, 0},
      {"redirect=file:///etc/hostname", ErrorKind::Network, 1, 0},
      {"redirect=http://[", ErrorKind::Network, 1, 0},
  }));
  CAPTURE(row.words);
  Site site;
  site.server.set_fault(row.words);
  FetchClient client(few_retries());
  const Error error = client.failure(site.server.url("small"));
  CHECK(error.kind() == row.kind);
  CHECK(error.details().attempts == row.attempts);
  CHECK(error.details().http_status == row.status);
  CHECK(error.details().url == site.server.url("small"));
  CHECK(std::string(error.what()).find(site.server.url("small")) != std::string::npos);
  CHECK(client.fetcher().stats().in_flight == 0);
}

TEST_CASE("a server that falls silent is left, and asked again", "[fetcher]") {
  Site site;
  site.server.set_fault("stall=10 count=2");
  CHECK(FetchClient(impatient()).get(site.server.url("small")).body.bytes == site.small);
  CHECK(site.server.count("/small") >= 3);
  site.server.set_fault("stall=10");
  FetcherOptions options = impatient();
  options.retries = 1;
  const Error error = FetchClient(options).failure(site.server.url("small"));
  CHECK(error.kind() == ErrorKind::Timeout);
  CHECK(error.details().attempts == 2);
}

TEST_CASE("unknown failures are not tried again unless that is asked for", "[fetcher]") {
  Site site;
  site.server.set_fault("status=204");
  FetcherOptions options = few_retries();
  options.retry_all_errors = false;
  FetchClient client(options);
  CHECK(client.failure(site.server.url("small")).details().attempts == 1);
}

TEST_CASE("a dead port is told as such", "[fetcher]") {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  tcp::acceptor nobody(io, tcp::v4());  // holds the port, and does not listen
  nobody.bind(test::loopback(0));
  FetchClient client(few_retries());
  const std::string port = std::to_string(nobody.local_endpoint().port());
  const Error error = client.failure("http://127.0.0.1:" + port + "/x");
  CHECK(error.kind() == ErrorKind::Network);
  CHECK(error.details().attempts == 3);
  CHECK(error.details().hint.find("server runs") != std::string::npos);
}

TEST_CASE("a body over its limit is refused at once", "[fetcher]") {
  Site site;
  FetchClient client;
  const auto [words, name] = GENERATE(table<std::string, std::string>(
      {{"", "small"}, {"chunked", "small"}, {"", "large"}, {"chunked", "large"}}));
  CAPTURE(words, name);
  site.server.set_fault(words);
  const Error error = client.failure(
      Request{.urls = {site.server.url(name)}, .max_size = 999, .resume_name = "x.filez"});
  CHECK(error.kind() == ErrorKind::Corrupt);
  CHECK(site.server.count("/" + name) == 1);
  CHECK(client.get(Request{.urls = {site.server.url("small")}, .max_size = 1000}).body.size ==
        1000);
}

TEST_CASE("bodies without an announced size arrive whole", "[fetcher]") {
  Site site;
  site.server.set_fault("chunked");
  FetchClient client;
  CHECK(client.get(site.server.url("small")).body.bytes == site.small);
  Response response = client.get(site.server.url("large"));
  CHECK_FALSE(response.body.in_memory());
  CHECK(response.body.size == site.large.size());
  CHECK(client.content(std::move(response)) == site.large);
}

TEST_CASE("what a server sends is handed on unchanged", "[fetcher]") {
  Site site;
  site.server.set_fault("flip=500");
  FetchClient client;
  Bytes expected = site.small;
  expected[500] = static_cast<std::uint8_t>(~expected[500]);
  CHECK(client.get(site.server.url("small")).body.bytes == expected);
  CHECK(site.server.requests().front().header("Accept-Encoding") == "identity");
  site.server.set_fault("html");
  CHECK(as_text(client.get(site.server.url("small")).body.bytes).starts_with("<!DOCTYPE"));
}

TEST_CASE("slow is not dead", "[fetcher]") {
  Site site;
  test::write_file(site.dir / "slow", noise(4000));
  site.server.set_fault("rate=2000 latency=200");
  CHECK(FetchClient(impatient()).get(site.server.url("slow")).body.bytes == noise(4000));
}

TEST_CASE("an empty file is a body, too", "[fetcher]") {
  Site site;
  test::write_file(site.dir / "empty", "");
  FetchClient client;
  const Response response = client.get(site.server.url("empty"));
  CHECK(response.body.in_memory());
  CHECK(response.body.size == 0);
}

TEST_CASE("what has not changed is not sent again", "[fetcher]") {
  Site site;
  FetchClient client;
  const Validators validators = client.get(site.server.url("small")).validators;
  CHECK_FALSE(validators.etag.empty());
  const auto ask = [&](const Validators& known) {
    return client.get(Request{.urls = {site.server.url("small")}, .unless_modified = known});
  };
  CHECK(ask(validators).not_modified);
  CHECK(ask({.last_modified = validators.last_modified}).not_modified);
  const Response other = ask({.etag = "\"other\""});
  CHECK_FALSE(other.not_modified);
  CHECK(other.body.bytes == site.small);
}

TEST_CASE("every mirror gets its turn, whatever fails", "[fetcher]") {
  Site good;
  Site bad;
  const auto words = GENERATE(as<std::string>(), "status=404", "status=401", "status=503", "cut=0",
                              "reset=10", "stall=10", "redirect=/small");
  CAPTURE(words);
  bad.server.set_fault(words);
  FetchClient client(words == "stall=10" ? impatient() : few_retries());
  const Response response =
      client.get(Request{.urls = {bad.server.url("small"), good.server.url("small")}});
  CHECK(response.body.bytes == good.small);
  CHECK(response.url == good.server.url("small"));
  CHECK(good.server.count("/small") >= 1);
}

TEST_CASE("of several failures the telling one is reported", "[fetcher]") {
  Site first;
  Site second;
  first.server.set_fault("status=503");
  second.server.set_fault("status=404");
  FetchClient client(few_retries());
  const Error error =
      client.failure(Request{.urls = {first.server.url("small"), second.server.url("small")}});
  CHECK(error.kind() == ErrorKind::Network);
  CHECK(error.details().http_status == 503);
  CHECK(second.server.count("/small") == 1);
  CHECK(first.server.count("/small") == 3);
}
