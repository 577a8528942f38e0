// Secrets reach the server they are for, and nobody else; not even a message.

#include <catch2/catch.hpp>

#include "fetcher/fetch_client.hpp"
#include "support/fault_server.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::FaultServer;
using test::TempDir;

namespace {

std::string with_user(const FaultServer& server, const std::string& path) {
  return "http://user:secret@127.0.0.1:" + std::to_string(server.port()) + "/" + path;
}

FetcherOptions secretive() {
  return {.user_agent = "xylem-test/1",
          .headers = {{"Authorization", "Bearer secret"}, {"X-Api-Key", "secret"}},
          .retries = 0};
}

}  // namespace

TEST_CASE("user name and password of a URL are used, and never shown", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "file", "content");
  FaultServer server(dir.fd());
  server.set_fault("auth=user:secret");
  FetchClient client;
  const Response response = client.get(with_user(server, "file"));
  CHECK(as_text(response.body.bytes) == "content");
  CHECK(response.url == server.url("file"));

  server.set_fault("auth=user:changed");
  const Error error = client.failure(with_user(server, "file"));
  CHECK(error.kind() == ErrorKind::Unauthorized);
  CHECK(std::string(error.what()).find("secret") == std::string::npos);
  CHECK(error.details().url.find("secret") == std::string::npos);
  CHECK_FALSE(error.details().hint.empty());
}

TEST_CASE("extra headers and the user agent are sent", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "file", "content");
  FaultServer server(dir.fd());
  FetchClient client(secretive());
  client.get(server.url("file"));
  const auto seen = server.requests().front();
  CHECK(seen.header("user-agent") == "xylem-test/1");
  CHECK(seen.header("authorization") == "Bearer secret");
  CHECK(seen.header("x-api-key") == "secret");
}

TEST_CASE("a redirect to another server takes no secrets along", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "file", "content");
  FaultServer mine(dir.fd());
  FaultServer other(dir.fd());
  mine.set_fault("path=/away redirect=" + other.url("back"));
  other.set_fault("path=/back redirect=" + other.url("file"));
  FetchClient client(secretive());
  CHECK(as_text(client.get(with_user(mine, "away")).body.bytes) == "content");
  REQUIRE(other.requests().size() == 2);
  for (const auto& request : other.requests())
    for (const auto& [name, value] : request.headers) {
      CAPTURE(name);
      CHECK(value.find("secret") == std::string::npos);
      CHECK(name != "Authorization");
    }
}

TEST_CASE("a redirect within the server keeps them", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "file", "content");
  FaultServer server(dir.fd());
  server.set_faults(
      {test::parse_fault("path=/away redirect=/file"), test::parse_fault("auth=user:secret")});
  FetchClient client(FetcherOptions{.retries = 0});
  CHECK(as_text(client.get(with_user(server, "away")).body.bytes) == "content");
}

TEST_CASE("eight redirects are followed, not nine", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "0", "content");
  FaultServer server(dir.fd());
  std::vector<test::Fault> faults;
  for (int i = 1; i <= 9; ++i)
    faults.push_back(
        test::parse_fault("path=/" + std::to_string(i) + " redirect=/" + std::to_string(i - 1)));
  server.set_faults(faults);
  FetchClient client;
  CHECK(as_text(client.get(server.url("8")).body.bytes) == "content");
  server.forget_requests();
  CHECK(client.failure(server.url("9")).kind() == ErrorKind::Network);
  CHECK(server.requests().size() == 9);
}

TEST_CASE("cookies of a file are sent to their host", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "file", "content");
  const std::string line = "127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tsession\tabc\n";
  test::write_file(dir / "cookies.txt", "# Netscape HTTP Cookie File\n" + line +
                                            "other.example\tFALSE\t/\tFALSE\t4102444800\tx\ty\n");
  FaultServer server(dir.fd());
  FetchClient client(FetcherOptions{.cookie_file = dir / "cookies.txt"});
  std::vector<Request> requests;
  for (int i = 0; i < 5; ++i) requests.push_back({.urls = {server.url("file")}});
  client.end_all(std::move(requests));
  REQUIRE(server.requests().size() == 5);
  for (const auto& request : server.requests()) CHECK(request.header("Cookie") == "session=abc");
  CHECK(as_text(test::read_file(dir / "cookies.txt")).find(line) != std::string::npos);
}

TEST_CASE("a header that would smuggle another one is refused", "[fetcher]") {
  TempDir dir;
  CHECK_THROWS_AS(FetchClient(FetcherOptions{.headers = {{"X", "a\r\nY: b"}}}), Error);
}

TEST_CASE("a proxy is asked for everything", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "file", "content");
  FaultServer proxy(dir.fd());
  FetchClient client(FetcherOptions{.proxy = proxy.url(), .retries = 0});
  CHECK(as_text(client.get("http://nowhere.invalid/file").body.bytes) == "content");
  CHECK(proxy.requests().front().target == "http://nowhere.invalid/file");
}
