#include <catch2/catch.hpp>
#include <latch>

#include "base/os/os_observer.hpp"
#include "fetcher/fetch_client.hpp"
#include "fetcher/http/url.hpp"
#include "support/fault_server.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::TempDir;

namespace {

/// To open the file `slow` takes until the test lets it go.
class SlowOpen : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation == os::Operation::Open && call.path->name.ends_with("/slow"))
      released.wait();
    return real();
  }
  std::latch released{1};
};

}  // namespace

TEST_CASE("files are fetched like anything else", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "small", "content");
  test::write_file(dir / "empty", "");
  test::write_file(dir / "large", noise(3 * large_body));
  const std::string base = "file://" + dir.path();
  FetchClient client;
  CHECK(as_text(client.get(join_url(base, "small")).body.bytes) == "content");
  CHECK(client.get(join_url(base, "empty")).body.size == 0);
  Response large = client.get(join_url(base, "large"));
  CHECK_FALSE(large.body.in_memory());
  CHECK(client.content(std::move(large)) == noise(3 * large_body));

  test::write_file(dir / "with space%20", "odd");
  CHECK(as_text(client.get(join_url(base, "with%20space%2520")).body.bytes) == "odd");
  CHECK(client.failure(base).kind() == ErrorKind::NotFound);  // a directory
  test::run_ok({"mkfifo", dir / "fifo"});
  CHECK(client.failure(join_url(base, "fifo")).kind() == ErrorKind::NotFound);
  const Error missing = client.failure(join_url(base, "missing"));
  CHECK(missing.kind() == ErrorKind::NotFound);
  CHECK(missing.details().attempts == 1);
  CHECK(client.failure({.urls = {join_url(base, "small")}, .max_size = 3}).kind() ==
        ErrorKind::Corrupt);
}

TEST_CASE("a file that is slow to open holds nothing up", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "file", "content");
  test::write_file(dir / "slow", "content");
  test::FaultServer server(dir.fd());
  SlowOpen opening;
  const os::ObserverScope scope(opening);
  FetchClient client;
  Ending slow;
  Ending fast;
  client.start({.urls = {"file://" + (dir / "slow")}}, slow);
  client.start({.urls = {server.url("file")}}, fast);
  while (!fast.response && !fast.error) client.io().run_one();
  CHECK(fast.response);
  CHECK_FALSE(slow.response);
  const bool cancelled = GENERATE(false, true);
  if (cancelled) client.fetcher().cancel();
  opening.released.count_down();
  client.run();
  CHECK(slow.response.has_value() == !cancelled);
}

TEST_CASE("a partial file is not mixed with a local one", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "large", noise(3 * large_body));
  TempDir downloads;
  test::write_file(downloads / "x.filez.part", noise(2 * large_body, 8));
  FetchClient client({}, downloads.fd());
  CHECK(client.content(client.get({.urls = {"file://" + (dir / "large")},
                                   .resume_name = "x.filez"})) == noise(3 * large_body));
}

TEST_CASE("requests that make no sense are refused", "[fetcher]") {
  FetchClient client;
  CHECK(client.failure(Request{}).kind() == ErrorKind::InvalidArgument);
  CHECK(client.failure("ftp://host/x").kind() == ErrorKind::InvalidArgument);
  CHECK(client.failure("").kind() == ErrorKind::InvalidArgument);
}
