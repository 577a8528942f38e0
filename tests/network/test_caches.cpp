// Pulls through caches and proxies that the world uses.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "pull_site.hpp"
#include "support/daemon.hpp"
#include "support/nghttpx.hpp"
#include "support/nginx.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

std::string local(std::uint16_t port) {
  return fmt::format("127.0.0.1:{}", port);
}

/// The real squid, as a forward proxy that keeps what it can in memory.
class Squid {
 public:
  std::string url() const { return "http://" + local(port_); }

 private:
  /// It gives up root, and writes its log here all the same.
  std::string configuration() const {
    const std::string file = dir_ / "squid.conf";
    std::filesystem::permissions(dir_.path(), std::filesystem::perms::all);
    write_file(file, fmt::format("http_port {}\nhttp_access allow all\npid_filename none\n"
                                 "cache_mem 64 MB\nmaximum_object_size_in_memory 8 MB\n"
                                 "cache_log {}/log\naccess_log none\ncoredump_dir {}\n"
                                 "netdb_filename none\npinger_enable off\n"
                                 "shutdown_lifetime 0 seconds\n",
                                 local(port_), dir_.path(), dir_.path()));
    return file;
  }

  TempDir dir_;
  std::uint16_t port_ = unused_port();
  Daemon daemon_{{"/usr/sbin/squid", "-N", "-f", configuration()}, port_};
};

/// nginx that keeps what `server` said, and asks again only if the client wants that.
class CachingNginx {
 public:
  explicit CachingNginx(const FaultServer& server)
      : nginx_(dir_.path(), {},
               {.http = fmt::format("proxy_cache_path {} keys_zone=z:1m;", dir_ / "cache"),
                .server = fmt::format("location / {{ proxy_pass {}; proxy_cache z;"
                                      " proxy_cache_valid 200 1h; proxy_http_version 1.1;"
                                      " proxy_cache_bypass $http_pragma; }}",
                                      server.url())}) {}
  std::string url() const { return nginx_.http_url(""); }

 private:
  TempDir dir_;
  Nginx nginx_;
};

}  // namespace

TEST_CASE("a pull through squid completes, bad bytes in its cache or not", "[servers]") {
  SourceRepo source;
  FaultServer server(source.fd());
  const Squid squid;
  server.set_fault("path=/" + source.largest_object() + " flip=1000 count=1");
  for (int i = 0; i < 2; ++i) {
    const TargetRepo target(server.url());
    target.configure("proxy", squid.url());
    target.pull(impatient());
    CHECK(target.is_sound(source.head()));
  }
  for (const auto& request : server.requests())
    CHECK(request.header("Via").find("squid") != std::string::npos);
}

TEST_CASE("a pull through a cache of nginx completes, bad bytes in it or not", "[servers]") {
  SourceRepo source;
  FaultServer server(source.fd());
  const CachingNginx cache(server);
  const std::string object = "/" + source.largest_object();
  server.set_fault("path=" + object + " flip=1000 count=1");
  for (int i = 0; i < 2; ++i) {
    const TargetRepo target(cache.url());
    target.pull(impatient());
    CHECK(target.is_sound(source.head()));
  }
  CHECK(server.count(object) == 2);  // once bad, once good, and then from the cache
}

TEST_CASE("a link to a cache that breaks is gone on with", "[servers]") {
  SourceRepo source;
  FaultServer server(source.fd());
  const CachingNginx cache(server);
  server.set_fault("path=*.filez reset=20000 count=20");
  const TargetRepo target(cache.url());
  PullOptions options = impatient();
  options.network_retries = 20;
  target.pull(options);
  CHECK(target.is_sound(source.head()));
}

TEST_CASE("a pull through a SOCKS proxy completes", "[servers]") {
  SourceRepo source;
  FaultServer server(source.fd());
  const std::uint16_t port = unused_port();
  Daemon proxy({"microsocks", "-i", "127.0.0.1", "-p", std::to_string(port)}, port);
  const TargetRepo target(server.url());
  const auto scheme = GENERATE(as<std::string>(), "socks5", "socks5h");
  target.configure("proxy", scheme + "://" + local(port));
  target.pull(impatient());
  CHECK(target.is_sound(source.head()));
  proxy.process().signal(SIGKILL);
  proxy.process().wait();
  CHECK(target.failure(impatient()).kind() == ErrorKind::Network);  // nothing goes past it
}

TEST_CASE("a pull through a proxy that speaks TLS completes", "[servers]") {
  SourceRepo source;
  FaultServer server(source.fd());
  const Nghttpx proxy(server.port(), {"--http2-proxy"});
  const TargetRepo target("http://nowhere.invalid/");
  target.configure("proxy", proxy.url());
  const Error error = target.failure(impatient());
  CHECK(error.kind() == ErrorKind::Network);
  CHECK(error.details().attempts == 1);
  target.configure("proxy-tls-ca-path", proxy.ca());
  target.pull(impatient());
  CHECK(target.is_sound(source.head()));
}

TEST_CASE("a gateway before a store is asked for the first object only", "[servers]") {
  SourceRepo source;
  FaultServer store(source.fd());
  const Nginx gateway(
      source.path(), {},
      {.http = "",
       .server = fmt::format("location /objects/ {{ return 302 {}$request_uri; }}", store.url())});
  const TargetRepo target(gateway.http_url(""));
  const PullResult result = target.pull(impatient());
  CHECK(target.is_sound(source.head()));
  CHECK(store.requests().size() > 50);
  CHECK(result.requests < store.requests().size() + 10);  // it has the summary, too
}
