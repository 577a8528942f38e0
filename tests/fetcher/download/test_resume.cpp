// Bytes that came once are not asked for again.

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "fetcher/download/download_record.hpp"
#include "fetcher/fetch_client.hpp"
#include "support/child.hpp"
#include "support/fault_server.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::FaultServer;
using test::TempDir;

namespace {

constexpr const char* file_name = "0123.filez";

struct Site {
  TempDir dir;
  TempDir downloads;
  Bytes large = noise(4 * large_body);
  FaultServer server{dir.fd()};

  Site() { test::write_file(dir / "large", large); }

  Request request() const { return {.urls = {server.url("large")}, .resume_name = file_name}; }
  /// Leaves the first `size` bytes in the download directory, by a fetch that fails.
  void leave_partial(std::uint64_t size) {
    server.set_fault("cut=" + std::to_string(size));
    REQUIRE(FetchClient({.retries = 0}, downloads.fd()).end(request()).error);
    server.set_faults({});
    server.forget_requests();
    REQUIRE(test::read_file(part()).size() == size);
  }
  std::string part() const { return downloads / (std::string(file_name) + ".part"); }
  std::string record() const { return downloads / (std::string(file_name) + ".json"); }
  std::string last_range() const { return server.requests().back().header("Range"); }
  std::size_t files() const { return list_directory(downloads.fd()).size(); }
};

}  // namespace

TEST_CASE("a cut body goes on where it was cut, within a fetch", "[fetcher]") {
  Site site;
  site.server.set_fault("cut=1500000 count=2");
  FetchClient client({.retries = 1}, site.downloads.fd());
  Response response = client.get(site.request());
  CHECK(response.body.file_name == file_name);
  CHECK(client.content(std::move(response)) == site.large);
  CHECK(client.fetcher().stats().bytes_received == site.large.size());
  CHECK(client.fetcher().stats().bytes_resumed > 0);
  CHECK(site.files() == 0);
}

TEST_CASE("progress renews the retries, standing still does not", "[fetcher]") {
  Site site;
  site.server.set_fault("reset=500000");  // of each answer
  FetchClient client({.retries = 1}, site.downloads.fd());
  Response response = client.get(site.request());
  CHECK(client.content(std::move(response)) == site.large);
  CHECK(site.server.requests().size() >= 8);
}

TEST_CASE("a later fetcher continues, with a validator", "[fetcher]") {
  Site site;
  site.leave_partial(2'000'000);
  const auto record = parse_record(as_text(test::read_file(site.record())));
  REQUIRE(record);
  CHECK(record->url == site.server.url("large"));
  CHECK(record->total == site.large.size());
  CHECK_FALSE(record->validators.etag.empty());

  FetchClient client({.retries = 0}, site.downloads.fd());
  Response response = client.get(site.request());
  CHECK(site.last_range() == "bytes=2000000-");
  CHECK(site.server.requests().back().header("If-Range") == record->validators.etag);
  CHECK(client.content(std::move(response)) == site.large);
  CHECK(client.fetcher().stats().bytes_resumed == 2'000'000);
  CHECK(site.files() == 0);
}

TEST_CASE("a changed file starts over", "[fetcher]") {
  Site site;
  site.leave_partial(2'000'000);
  const Bytes changed = noise(site.large.size(), 7);
  test::write_file(site.dir / "large", changed);
  FetchClient client({.retries = 0}, site.downloads.fd());
  CHECK(client.content(client.get(site.request())) == changed);
  CHECK(site.server.requests().size() == 1);  // If-Range made it one answer
}

TEST_CASE("a changed file that is cut, too, goes on from there", "[fetcher]") {
  Site site;
  site.leave_partial(2'000'000);
  const Bytes changed = noise(site.large.size(), 7);
  test::write_file(site.dir / "large", changed);
  site.leave_partial(1'500'000);
  FetchClient client({.retries = 0}, site.downloads.fd());
  CHECK(client.content(client.get(site.request())) == changed);
  CHECK(client.fetcher().stats().bytes_resumed == 1'500'000);
}

TEST_CASE("a file of another size starts over, without any validator", "[fetcher]") {
  Site site;
  site.server.set_fault("no-validators cut=2000000");
  REQUIRE(FetchClient({.retries = 0}, site.downloads.fd()).end(site.request()).error);
  const Bytes changed = noise(site.large.size() + 1, 7);
  test::write_file(site.dir / "large", changed);
  site.server.set_fault("no-validators");
  FetchClient client({.retries = 0}, site.downloads.fd());
  CHECK(client.content(client.get(site.request())) == changed);
}

TEST_CASE("servers that do not understand ranges", "[fetcher]") {
  Site site;
  site.leave_partial(2'000'000);
  FetchClient client({.retries = 0}, site.downloads.fd());
  SECTION("a 200 starts over") {
    site.server.set_fault("ignore-range");
  }
  SECTION("a wrong Content-Range is refused") {
    site.server.set_fault("wrong-range");
  }
  SECTION("a 416 starts over") {
    site.server.set_fault("status=416 count=1");
  }
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK(site.files() == 0);
}

TEST_CASE("half a range is continued", "[fetcher]") {
  Site site;
  site.leave_partial(2'000'000);
  site.server.set_fault("half-range count=3");
  FetchClient client({.retries = 1}, site.downloads.fd());
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK(client.fetcher().stats().bytes_received == site.large.size() - 2'000'000);
}

TEST_CASE("a partial file that is whole needs no bytes", "[fetcher]") {
  Site site;
  test::write_file(site.part(), site.large);
  FetchClient client({.retries = 0}, site.downloads.fd());
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK(client.fetcher().stats().bytes_received == 0);
}

TEST_CASE("a finished file that nobody came for needs no request", "[fetcher]") {
  Site site;
  CHECK(FetchClient({}, site.downloads.fd()).get(site.request()).body.file_name == file_name);
  site.server.forget_requests();
  FetchClient client({}, site.downloads.fd());
  Response response = client.get(site.request());
  CHECK(response.body.size == site.large.size());
  CHECK(client.content(std::move(response)) == site.large);
  CHECK(site.server.requests().empty());
}

TEST_CASE("a finished file takes a record with it that was left beside it", "[fetcher]") {
  Site site;
  const std::string record = std::string(file_name) + ".json";
  test::write_file(site.downloads / file_name, site.large);
  test::write_file(site.downloads / record, "{}");
  FetchClient client({}, site.downloads.fd());
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK_FALSE(os::exists(site.downloads.at(record)));
}

TEST_CASE("no_cache forgets what is there", "[fetcher]") {
  Site site;
  const auto leave = GENERATE(as<std::string>(), ".part", "");
  test::write_file(site.downloads / (file_name + leave), noise(2'000'000, 9));
  Request request = site.request();
  request.no_cache = true;
  FetchClient client({.retries = 0}, site.downloads.fd());
  CHECK(client.content(client.get(request)) == site.large);
  CHECK(site.last_range().empty());
  CHECK(site.server.requests().back().header("Cache-Control") == "no-cache");
}

TEST_CASE("a partial file continues from another mirror", "[fetcher]") {
  Site site;
  TempDir copy;
  test::write_file(copy / "large", site.large);
  FaultServer mirror(copy.fd());
  site.server.set_fault("reset=2500000");
  Request request = site.request();
  request.urls.push_back(mirror.url("large"));
  FetchClient client({.retries = 0}, site.downloads.fd());
  CHECK(client.content(client.get(request)) == site.large);
  REQUIRE(mirror.requests().size() == 1);
  CHECK_FALSE(mirror.requests().front().header("Range").empty());
  CHECK(mirror.requests().front().header("If-Range").empty());
}

TEST_CASE("a damaged record only loses its help", "[fetcher]") {
  Site site;
  site.leave_partial(2'000'000);
  test::write_file(site.record(), "{\"url\": 5");
  FetchClient client({.retries = 0}, site.downloads.fd());
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK(client.fetcher().stats().bytes_resumed == 2'000'000);
}

TEST_CASE("a body without a name of its own is not continued, and leaves nothing", "[fetcher]") {
  Site site;
  site.server.set_fault("cut=2000000 count=1");
  FetchClient client({.retries = 1}, site.downloads.fd());
  CHECK(client.content(client.get(site.server.url("large"))) == site.large);
  CHECK(site.last_range().empty());
  site.server.set_fault("cut=2000000");
  CHECK(client.end({.urls = {site.server.url("large")}}).error);
  CHECK(site.files() == 0);
}

TEST_CASE("two fetches of one name do not mix", "[fetcher]") {
  Site site;
  FetchClient client({}, site.downloads.fd());
  std::vector<Request> requests(2, site.request());
  auto endings = client.end_all(std::move(requests));
  for (auto& ending : endings) {
    REQUIRE(ending.response);
    CHECK(client.content(std::move(*ending.response)) == site.large);
  }
  CHECK(site.files() == 0);
}

TEST_CASE("a finished file is handed to one receiver only", "[fetcher]") {
  Site site;
  test::write_file(site.downloads / file_name, site.large);
  FetchClient client({}, site.downloads.fd());
  Response first = client.get(site.request());
  CHECK(site.server.requests().empty());
  CHECK(client.content(std::move(first)) == site.large);
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK(site.server.requests().size() == 1);
}

TEST_CASE("names that would leave the directory are refused", "[fetcher]") {
  Site site;
  FetchClient client;
  for (const std::string bad : {"../x", "a/b", ".", "..", "x.part", "x.json", "anonymous-1"}) {
    CAPTURE(bad);
    CHECK(client.failure({.urls = {site.server.url("large")}, .resume_name = bad}).kind() ==
          ErrorKind::InvalidArgument);
  }
  CHECK(client.failure({.urls = {site.server.url("large")}, .resume_name = std::string(252, 'a')})
            .kind() == ErrorKind::InvalidArgument);
}

TEST_CASE("left-overs without a name are cleaned up", "[fetcher]") {
  TempDir downloads;
  test::write_file(downloads / "anonymous-7.part", "x");
  test::write_file(downloads / "anonymous-8", "x");
  const FetchClient client({}, downloads.fd());
  CHECK(list_directory(downloads.fd()).empty());
}

TEST_CASE("a killed process loses no bytes", "[fetcher]") {
  Site site;
  site.server.set_fault("stall=2000000 count=1");
  const char* program = std::getenv("XYLEM_FETCH_CHILD");
  REQUIRE(program != nullptr);
  test::Child child({program, site.downloads.path(), site.server.url("large"), file_name});
  while (!os::exists({FileDescriptor::cwd(), site.part()}) ||
         test::read_file(site.part()).size() < 2'000'000) {
    REQUIRE(child.running());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  child.signal(SIGKILL);
  CHECK(child.wait() == 128 + SIGKILL);

  FetchClient client({.retries = 0}, site.downloads.fd());
  CHECK(client.content(client.get(site.request())) == site.large);
  CHECK(client.fetcher().stats().bytes_received == site.large.size() - 2'000'000);
  CHECK(client.fetcher().stats().bytes_resumed == 2'000'000);
}
