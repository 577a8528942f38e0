// Tokens that expire, signed requests, proxies of the environment.

#include <catch2/catch.hpp>
#include <cstdlib>

#include "fetcher/fetch_client.hpp"
#include "support/fault_server.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::FaultServer;
using test::TempDir;

namespace {

struct Site {
  TempDir dir;
  FaultServer server{dir.fd()};

  Site() { test::write_file(dir / "file", "content"); }
};

/// An environment variable, for as long as this lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("a token is asked for again when the server refuses it", "[fetcher]") {
  Site site;
  std::vector<std::string> refused;
  FetcherOptions options;
  options.authorization = [&](const std::string& url, const std::string& old) {
    CHECK(url == site.server.url("file"));
    refused.push_back(old);
    return std::optional("Bearer secret" + std::to_string(refused.size()));
  };
  site.server.set_fault("skip=1 count=1 status=401");
  FetchClient client(std::move(options));
  for (int i = 0; i < 3; ++i) CHECK(client.get(site.server.url("file")).body.size == 7);
  CHECK(refused == std::vector<std::string>{"", "Bearer secret1"});
  const auto requests = site.server.requests();
  REQUIRE(requests.size() == 4);
  CHECK(requests[1].header("Authorization") == "Bearer secret1");
  CHECK(requests[2].header("Authorization") == "Bearer secret2");
  CHECK(requests[3].header("Authorization") == "Bearer secret2");
}

TEST_CASE("a token that stays refused is an error without the token", "[fetcher]") {
  Site site;
  site.server.set_fault("status=401");
  FetcherOptions options;
  options.authorization = [](const auto&, const std::string& old) {
    return std::optional(old + "Bearer secret");
  };
  FetchClient client(std::move(options));
  const Error error = client.failure(site.server.url("file"));
  CHECK(error.kind() == ErrorKind::Unauthorized);
  CHECK(std::string(error.what()).find("secret") == std::string::npos);
  CHECK(site.server.requests().size() == 2);
}

TEST_CASE("a token does not go to another server", "[fetcher]") {
  Site site;
  Site other;
  site.server.set_fault("redirect=" + other.server.url("file"));
  FetcherOptions options;
  options.authorization = [](const auto&, const auto&) { return std::optional("Bearer secret"); };
  FetchClient client(std::move(options));
  client.get(site.server.url("file"));
  CHECK(site.server.requests().front().header("Authorization") == "Bearer secret");
  CHECK(other.server.requests().front().header("Authorization").empty());
}

TEST_CASE("requests are signed for object stores", "[fetcher]") {
  Site site;
  FetchClient client({.aws_sigv4 = "aws:amz:eu-central-1:s3"});
  const std::string port = std::to_string(site.server.port());
  client.get("http://key:secret@127.0.0.1:" + port + "/file");
  const std::string header = site.server.requests().front().header("Authorization");
  CHECK(header.starts_with("AWS4-HMAC-SHA256 Credential=key/"));
  CHECK(header.find("/eu-central-1/s3/aws4_request") != std::string::npos);
  CHECK(header.find("secret") == std::string::npos);
  client.get(site.server.url("file"));  // no key, no signature
  CHECK(site.server.requests().back().header("Authorization").empty());
}

TEST_CASE("the proxy of the environment is used, but not for what is excepted", "[fetcher]") {
  Site proxy;
  const Variable http_proxy("http_proxy", proxy.server.url());
  FetchClient client({.retries = 0});
  CHECK(client.get("http://nowhere.invalid/file").body.size == 7);
  CHECK(proxy.server.requests().front().target == "http://nowhere.invalid/file");
  proxy.server.forget_requests();
  Site direct;
  const Variable no_proxy("no_proxy", "127.0.0.1");
  CHECK(client.get(direct.server.url("file")).body.size == 7);
  CHECK(proxy.server.requests().empty());
}

TEST_CASE("what a server asks for with Retry-After counts for all requests to it", "[fetcher]") {
  Site site;
  site.server.set_fault("count=1 status=429 retry-after=1");
  FetchClient client;
  const auto start = std::chrono::steady_clock::now();
  client.get(site.server.url("file"));
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(900));
  CHECK(site.server.requests().size() == 2);
}
