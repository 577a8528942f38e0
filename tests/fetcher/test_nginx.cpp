// The same against a server that the world uses: HTTP/1.1, TLS, HTTP/2.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <map>

#include "fetcher/fetch_client.hpp"
#include "support/nginx.hpp"
#include "support/relay.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::Certificates;
using test::Nginx;
using test::TempDir;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t file_count = 300;

struct Tree {
  TempDir dir;
  Tree() {
    for (std::size_t i = 0; i < file_count; ++i)
      test::write_file(dir / std::to_string(i), noise(i * 10, static_cast<unsigned>(i)));
    test::write_file(dir / "large", noise(5 * large_body));
  }
};

/// Fetches all small files at once, `rounds` times over.
void fetch_all(FetchClient& client, const std::function<std::string(const std::string&)>& url,
               std::size_t rounds) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < rounds * file_count; ++i)
    requests.push_back({.urls = {url(std::to_string(i % file_count))}});
  const auto endings = client.end_all(std::move(requests));
  std::size_t good = 0;
  for (std::size_t i = 0; i < endings.size(); ++i) {
    if (endings[i].error) UNSCOPED_INFO(endings[i].error->what());
    if (endings[i].response &&
        endings[i].response->body.bytes ==
            noise((i % file_count) * 10, static_cast<unsigned>(i % file_count)))
      ++good;
  }
  CHECK(good == endings.size());
}

}  // namespace

TEST_CASE("nginx over HTTP/1.1", "[fetcher][nginx]") {
  const Tree tree;
  const Nginx nginx(tree.dir.path());
  FetchClient client;
  fetch_all(
      client, [&](const auto& path) { return nginx.http_url(path); }, 10);
  CHECK(client.fetcher().stats().requests == 3000);
  CHECK(client.content(client.get(nginx.http_url("large"))) == noise(5 * large_body));
  CHECK(client.failure(nginx.http_url("missing")).kind() == ErrorKind::NotFound);
  const Validators known = client.get(nginx.http_url("7")).validators;
  CHECK(client.get({.urls = {nginx.http_url("7")}, .unless_modified = known}).not_modified);
}

TEST_CASE("nginx resumes ranges", "[fetcher][nginx]") {
  const Tree tree;
  const Nginx nginx(tree.dir.path());
  TempDir downloads;
  const Bytes large = noise(5 * large_body);
  test::write_file(downloads / "x.filez.part", ByteView(large).first(3'000'000));
  FetchClient client({}, downloads.fd());
  CHECK(client.content(client.get({.urls = {nginx.http_url("large")}, .resume_name = "x.filez"})) ==
        large);
  CHECK(client.fetcher().stats().bytes_resumed == 3'000'000);
}

TEST_CASE("nginx over TLS with HTTP/2", "[fetcher][nginx]") {
  const Certificates certificates;
  const Tree tree;
  const Nginx nginx(tree.dir.path(), Nginx::Tls{.certificates = &certificates});
  const auto url = [&](const auto& path) { return nginx.https_url(path); };
  std::map<std::string, std::size_t> protocols;
  FetcherOptions options{.tls = {.ca_path = certificates.ca()}, .retries = 0};
  options.observer = [&](const ExchangeReport& report) { ++protocols[report.protocol]; };
  SECTION("many streams") {
    FetchClient client(options);
    fetch_all(client, url, 17);  // 5,100
    CHECK(protocols == std::map<std::string, std::size_t>{{"HTTP/2", 5100}});
    CHECK(client.content(client.get(url("large"))) == noise(5 * large_body));
    CHECK(client.failure(url("missing")).kind() == ErrorKind::NotFound);
  }
  SECTION("switched off") {
    options.http2 = false;
    FetchClient client(options);
    fetch_all(client, url, 1);
    CHECK(protocols == std::map<std::string, std::size_t>{{"HTTP/1.1", file_count}});
  }
}

TEST_CASE("what one connection of HTTP/2 cannot take goes over further ones", "[fetcher][nginx]") {
  const Certificates certificates;
  const Tree tree;
  const Nginx nginx(tree.dir.path(), Nginx::Tls{.certificates = &certificates});
  const test::Relay relay(nginx.https_port(), 50ms);  // so that requests pile up
  FetchClient client({.tls = {.ca_path = certificates.ca()}, .retries = 0});
  const std::string base = fmt::format("https://127.0.0.1:{}/", relay.port());
  fetch_all(
      client, [&](const auto& path) { return base + path; }, 5);
  CHECK(relay.connections() >= 2);
  CHECK(relay.connections() <= 4);
}

TEST_CASE("the server's certificate is checked", "[fetcher][nginx]") {
  const Certificates certificates;
  const Certificates strangers;
  const Tree tree;
  const Nginx nginx(tree.dir.path(), Nginx::Tls{.certificates = &certificates});
  SECTION("an authority that nobody knows") {
    FetchClient client({.tls = {.ca_path = strangers.ca()}});
    const Error error = client.failure(nginx.https_url("1"));
    CHECK(error.kind() == ErrorKind::Network);
    CHECK(error.details().attempts == 1);
    CHECK(error.details().hint.find("tls-ca-path") != std::string::npos);
  }
  SECTION("unless that is unwanted") {
    FetchClient client({.tls = {.permissive = true}});
    CHECK(client.get(nginx.https_url("1")).body.size == 10);
  }
  SECTION("a file of authorities that is not there") {
    FetchClient client({.tls = {.ca_path = "/nonexistent/ca.pem"}});
    const Error error = client.failure(nginx.https_url("1"));
    INFO(error.what());
    CHECK(error.kind() == ErrorKind::InvalidArgument);
    CHECK(error.details().attempts == 1);
  }
}

TEST_CASE("client certificates are shown", "[fetcher][nginx]") {
  const Certificates certificates;
  const Tree tree;
  const Nginx nginx(tree.dir.path(),
                    Nginx::Tls{.certificates = &certificates, .wants_client_certificate = true});
  FetcherOptions options{.tls = {.ca_path = certificates.ca()}};
  CHECK(FetchClient(options).failure(nginx.https_url("1")).details().http_status == 400);
  options.tls.client_cert_path = certificates.client_certificate();
  options.tls.client_key_path = certificates.client_key();
  CHECK(FetchClient(options).get(nginx.https_url("1")).body.size == 10);
  options.tls.client_key_path = certificates.server_key();
  CHECK(FetchClient(options).failure(nginx.https_url("1")).kind() == ErrorKind::InvalidArgument);
}
