// Who watches a large body learns where it is, how far it is, and when it begins anew.

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "fetcher/download/body_watcher.hpp"
#include "fetcher/fetch_client.hpp"
#include "support/fault_server.hpp"

using namespace xylem;
using namespace xylem::fetcher;

namespace {

/// Reads what it is told of at once.
class Reader : public BodyWatcher {
 public:
  void goes_to(FileDescriptor file, std::uint64_t size, std::uint64_t total) noexcept override {
    file_ = os::duplicate(file);
    announced = total;
    ++tries;
    grew(size);
  }
  void grew(std::uint64_t size) noexcept override {
    const std::size_t before = seen.size();
    if (size < before) return;
    seen.resize(size);
    os::read_at(file_, MutableByteView(seen).subspan(before), before);
  }
  void starts_over() noexcept override {
    seen.clear();
    ++restarts;
  }

  Bytes seen;
  std::uint64_t announced = 0;
  int tries = 0;
  int restarts = 0;

 private:
  UniqueFd file_;
};

struct Site {
  test::TempDir dir;
  Bytes large = noise(4 * large_body);
  test::FaultServer server{dir.fd()};
  FetchClient client{{.retries = 1}};
  Reader reader;

  Site() { test::write_file(dir / "large", large); }
  Ending end() {
    return client.end(
        {.urls = {server.url("large")}, .resume_name = "0123.filez", .watcher = &reader});
  }
};

}  // namespace

TEST_CASE("a watcher sees all of a body by its end", "[fetcher]") {
  Site site;
  int tries = 1;
  SECTION("in one go") {}
  SECTION("after it was cut") {
    site.server.set_fault("cut=1500000 count=1");
    tries = 2;
  }
  REQUIRE(site.end().response);
  CHECK(site.reader.seen == site.large);
  CHECK(site.reader.announced == site.large.size());
  CHECK(site.reader.tries == tries);
  CHECK(site.reader.restarts == 0);
}

TEST_CASE("a watcher of a later fetch sees what was there before", "[fetcher]") {
  Site site;
  site.server.set_fault("cut=1500000 count=2");
  FetchClient hasty({.retries = 0}, site.client.fetcher().download_dir());
  REQUIRE(hasty.end({.urls = {site.server.url("large")}, .resume_name = "0123.filez"}).error);
  site.client.fetcher().expect_download("0123.filez");
  REQUIRE(site.end().response);
  CHECK(site.reader.seen == site.large);
  CHECK(site.reader.restarts == 0);
}

TEST_CASE("a watcher is told when a body begins anew", "[fetcher]") {
  Site site;
  const auto cut = test::parse_fault("cut=1500000 count=1 flip=3");
  SECTION("in the same file") {
    site.server.set_faults({cut, test::parse_fault("ignore-range")});
  }
  SECTION("in another file") {
    site.server.set_faults({cut, test::parse_fault("wrong-range count=1")});
  }
  REQUIRE(site.end().response);
  CHECK(site.reader.seen == site.large);
  CHECK(site.reader.restarts == 1);
}

TEST_CASE("a body of unknown size, or a small one, is not shown", "[fetcher]") {
  Site site;
  SECTION("unknown") {
    site.server.set_fault("chunked");
  }
  SECTION("small") {
    test::write_file(site.dir / "large", noise(1000));
  }
  REQUIRE(site.end().response);
  CHECK(site.reader.tries == 0);
}
