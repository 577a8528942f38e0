#include <sys/stat.h>

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "base/os/os.hpp"
#include "raw_client.hpp"
#include "server/static_server.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::server;
using test::TempDir;

namespace {

/// A server on a thread of its own, for a directory with a `file`, a directory `sub` and what a
/// test adds.
class Site {
 public:
  explicit Site(const ListenOptions& listen = {}) {
    test::write_file(dir / "file", "0123456789");
    os::make_dir(dir.at("sub"), 0755);
    test::write_file(dir / "sub/a b", "spaced");
    server_.emplace(io_.get_executor(),
                    StaticServer::Options{.root = dir.fd(), .listen = listen, .on_request = {}});
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Site() {
    boost::asio::post(io_, [this] { server_.reset(); });
    thread_.join();  // which it only can when every connection has ended
  }
  std::uint16_t port() const { return server_->port(); }

  TempDir dir;

 private:
  boost::asio::io_context io_{1};
  std::optional<StaticServer> server_;
  std::thread thread_;
};

std::string status_of(const std::string& answer) {
  return answer.substr(0, 12);
}

}  // namespace

TEST_CASE("files are served", "[server]") {
  Site site;
  const std::string answer = ask(site.port(), "GET /file");
  CHECK(status_of(answer) == "HTTP/1.1 200");
  CHECK(body_of(answer) == "0123456789");
  CHECK(header_of(answer, "Content-Length") == "10");
  CHECK(header_of(answer, "Accept-Ranges") == "bytes");
  CHECK(body_of(ask(site.port(), "GET /sub/a%20b?query")) == "spaced");
  const std::string head = ask(site.port(), "HEAD /file");
  CHECK(header_of(head, "Content-Length") == "10");
  CHECK(body_of(head).empty());
}

TEST_CASE("ranges and conditions are obeyed", "[server]") {
  Site site;
  const auto get = [&](const std::string& headers) {
    return ask(site.port(), "GET /file", headers);
  };
  const std::string etag = header_of(get(""), "ETag");
  const std::string date = header_of(get(""), "Last-Modified");
  const std::string part = get("Range: bytes=3-5\r\n");
  CHECK(status_of(part) == "HTTP/1.1 206");
  CHECK(body_of(part) == "345");
  CHECK(header_of(part, "Content-Range") == "bytes 3-5/10");
  CHECK(body_of(get("Range: bytes=3-\r\nIf-Range: " + etag + "\r\n")) == "3456789");
  CHECK(body_of(get("Range: bytes=3-\r\nIf-Range: \"other\"\r\n")) == "0123456789");
  const std::string beyond = get("Range: bytes=10-\r\n");
  CHECK(status_of(beyond) == "HTTP/1.1 416");
  CHECK(header_of(beyond, "Content-Range") == "bytes */10");
  CHECK(status_of(get("If-None-Match: " + etag + "\r\n")) == "HTTP/1.1 304");
  CHECK(status_of(get("If-Modified-Since: " + date + "\r\n")) == "HTTP/1.1 304");
  CHECK(status_of(get("If-None-Match: \"x\"\r\n")) == "HTTP/1.1 200");
}

TEST_CASE("another version has another tag", "[server]") {
  Site site;
  const std::string before = header_of(ask(site.port(), "GET /file"), "ETag");
  test::write_file(site.dir / "next", "abcdefghij");
  os::rename(site.dir.at("next"), site.dir.at("file"));
  CHECK(header_of(ask(site.port(), "GET /file"), "ETag") != before);
}

TEST_CASE("nothing outside of the root is served, and no odd files", "[server]") {
  Site site;
  TempDir outside;
  test::write_file(outside / "secret", "secret");
  os::symlink(outside / "secret", site.dir.at("link"));
  os::symlink("../" + outside.path().substr(outside.path().rfind('/') + 1) + "/secret",
              site.dir.at("up"));
  os::symlink("file", site.dir.at("inside"));
  REQUIRE(::mkfifo((site.dir / "pipe").c_str(), 0666) == 0);
  for (const std::string path :
       {"/link", "/up", "/pipe", "/sub", "/sub/", "/", "/..", "/../etc/passwd", "/%2e%2e/x",
        "/sub/../../etc/passwd", "/missing", "/file/x", "//etc/passwd"}) {
    CAPTURE(path);
    const std::string answer = ask(site.port(), "GET " + path);
    CHECK(status_of(answer) == "HTTP/1.1 404");
    CHECK(answer.find("secret") == answer.npos);
  }
  CHECK(status_of(ask(site.port(), "GET /" + std::string(5000, 'x'))) == "HTTP/1.1 404");
  CHECK(status_of(ask(site.port(), "GET /a%00b")) == "HTTP/1.1 400");
  CHECK(body_of(ask(site.port(), "GET /inside")) == "0123456789");
}

TEST_CASE("what is no request for a file is refused", "[server]") {
  Site site;
  const std::string post = ask(site.port(), "POST /file", "Content-Length: 0\r\n");
  CHECK(status_of(post) == "HTTP/1.1 405");
  CHECK(header_of(post, "Allow") == "GET, HEAD");
  for (const std::string& garbage :
       {std::string("\r\n\r\n\r\n!!!\r\n\r\n"), std::string("GET\r\n\r\n"), std::string(64, '\0'),
        "GET /file HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"}) {
    RawClient client(site.port());
    client.send(garbage);
    const std::string answer = client.read_all();
    CHECK((answer.empty() || status_of(answer) == "HTTP/1.1 400"));
  }
  CHECK(body_of(ask(site.port(), "GET /file")) == "0123456789");  // it still lives
}

TEST_CASE("a connection serves many requests, also when they are sent at once", "[server]") {
  Site site;
  RawClient client(site.port());
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += "GET /file HTTP/1.1\r\nHost: x\r\n\r\n";
  client.send(requests + "GET /sub/a%20b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answers = client.read_all();
  std::size_t count = 0;
  for (auto at = answers.find("0123456789"); at != answers.npos;
       at = answers.find("0123456789", at + 1))
    ++count;
  CHECK(count == 100);
  CHECK(answers.ends_with("spaced"));
}

TEST_CASE("large files arrive whole", "[server]") {
  Site site;
  std::string large;
  for (int i = 0; large.size() < 5'000'000; ++i) large += std::to_string(i);
  test::write_file(site.dir / "large", large);
  CHECK(body_of(ask(site.port(), "GET /large")) == large);
  CHECK(body_of(ask(site.port(), "GET /large", "Range: bytes=300001-4000000\r\n")) ==
        large.substr(300001, 3'700'000));
}

TEST_CASE("idle connections are closed", "[server]") {
  Site site({.idle_timeout = std::chrono::seconds(1)});
  RawClient silent(site.port());
  RawClient slow(site.port());
  slow.send("GET /file HT");
  CHECK(silent.read_all().empty());
  CHECK(slow.read_all().empty());
}

TEST_CASE("connections over the limit wait for their turn", "[server]") {
  Site site({.max_connections = 2, .idle_timeout = std::chrono::seconds(1)});
  RawClient first(site.port());
  RawClient second(site.port());
  // Served as soon as one of the two has been idle for too long.
  CHECK(body_of(ask(site.port(), "GET /file")) == "0123456789");
}

TEST_CASE("a client that stops reading does not keep the server from stopping", "[server]") {
  Site site;
  test::write_file(site.dir / "large", std::string(20'000'000, 'x'));
  RawClient client(site.port());
  client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.read(12) == "HTTP/1.1 200");
}

TEST_CASE("addresses and ports that cannot be had are told", "[server]") {
  TempDir dir;
  boost::asio::io_context io;
  const auto serve = [&](const std::string& address, std::uint16_t port) {
    StaticServer(
        io.get_executor(),
        {.root = dir.fd(), .listen = {.address = address, .port = port}, .on_request = {}});
  };
  CHECK(error_kind([&] { serve("localhost.", 0); }) == ErrorKind::InvalidArgument);
  Site site;
  CHECK(error_kind([&] { serve("127.0.0.1", site.port()); }) == ErrorKind::Io);
  CHECK(error_kind([&] { serve("192.0.2.1", 0); }) == ErrorKind::Io);
}

TEST_CASE("each request is reported", "[server]") {
  TempDir dir;
  test::write_file(dir / "file", "0123456789");
  boost::asio::io_context io;
  std::vector<AccessRecord> records;
  StaticServer server(
      io.get_executor(),
      {.root = dir.fd(), .listen = {}, .on_request = [&](const AccessRecord& record) {
         records.push_back(record);
       }});
  std::thread client([&] {
    ask(server.port(), "GET /file");
    ask(server.port(), "GET /missing");
    boost::asio::post(io, [&] { server.stop(); });
  });
  io.run();
  client.join();
  REQUIRE(records.size() == 2);
  CHECK(records[0].client == "127.0.0.1");
  CHECK(records[0].method == "GET");
  CHECK(records[0].target == "/file");
  CHECK(records[0].status == 200);
  CHECK(records[0].size == 10);
  CHECK(records[1].status == 404);
}

TEST_CASE("the curl command likes what it gets", "[server]") {
  Site site;
  const std::string url = "http://127.0.0.1:" + std::to_string(site.port());
  CHECK(test::run_ok({"curl", "-sf", url + "/file"}) == "0123456789");
  CHECK(test::run_ok({"curl", "-sf", "-r", "2-4", url + "/file"}) == "234");
  CHECK(test::run({"curl", "-sf", url + "/missing"}).status == 22);
}
