// A store behind a gateway: where it sends us is asked for once.

#include <catch2/catch.hpp>

#include "fetcher/fetch_client.hpp"
#include "fetcher/http/redirect_table.hpp"
#include "support/fault_server.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::FaultServer;
using test::TempDir;

namespace {

/// `store` has the files below `bucket/`; `gateway` sends those below `repo/` there.
struct Site {
  TempDir dir;
  FaultServer gateway{dir.fd()};
  FaultServer store{dir.fd()};

  Site() {
    test::run({"mkdir", "-p", dir / "bucket/objects/ab", dir / "repo/objects/ab"});
    for (const std::string name : {"1", "2", "3"}) {
      test::write_file(dir / ("bucket/objects/ab/" + name), name);
      test::write_file(dir / ("repo/objects/ab/" + name), "old " + name);
    }
    send_to_store();
  }
  void send_to_store() {
    std::vector<test::Fault> faults;
    for (const std::string name : {"1", "2", "3"})
      faults.push_back(test::parse_fault("path=/repo/objects/ab/" + name +
                                         " redirect=" + store.url("bucket/objects/ab/" + name)));
    gateway.set_faults(faults);
  }
  Request request(const std::string& name) const {
    const std::string path = "objects/ab/" + name;
    return {.urls = {gateway.url("repo/" + path)}, .path = path};
  }
};

std::string text(const Response& response) {
  return std::string(as_text(response.body.bytes));
}

}  // namespace

TEST_CASE("a gateway is asked once where its files are", "[fetcher]") {
  Site site;
  FetchClient client({.headers = {{"X-Token", "secret"}}});
  for (const std::string name : {"1", "2", "3"})
    CHECK(text(client.get(site.request(name))) == name);
  CHECK(site.gateway.requests().size() == 1);
  REQUIRE(site.store.requests().size() == 3);
  for (const auto& request : site.store.requests()) CHECK(request.header("X-Token").empty());
}

TEST_CASE("when the store fails the gateway is asked again", "[fetcher]") {
  Site site;
  FetchClient client({.retries = 0});
  client.get(site.request("1"));
  site.gateway.set_faults({});
  const auto words = GENERATE(as<std::string>(), "status=404", "status=503", "status=401");
  site.store.set_fault(words);
  CHECK(text(client.get(site.request("2"))) == "old 2");
  site.store.set_faults({});
  CHECK(text(client.get(site.request("3"))) == "old 3");
}

TEST_CASE("bytes that were bad are asked for at the gateway", "[fetcher]") {
  Site site;
  FetchClient client;
  client.get(site.request("1"));
  Request again = site.request("2");
  again.no_cache = true;
  client.get(again);
  CHECK(site.gateway.count("/repo/objects/ab/2") == 1);
}

TEST_CASE("what is learnt of a redirect", "[fetcher]") {
  struct Row {
    const char* from;
    const char* to;
    const char* path;
    const char* asked;
    const char* expected;  ///< Empty if nothing is learnt.
  };
  const auto row = GENERATE(values<Row>({
      {"http://g/repo/o/1", "http://s/b/o/1", "o/1", "http://g/repo/o/2", "http://s/b/o/2"},
      {"http://g/repo/o/1", "https://s/b/o/1", "o/1", "http://g/other/o/2", ""},
      {"http://g/repo/o/1", "http://s/b/o/1?signature=x", "o/1", "http://g/repo/o/2", ""},
      {"http://g/repo/o/1?token=x", "http://s/b/o/1", "o/1", "http://g/repo/o/2", ""},
      {"http://g/?repo=/o/1", "http://s/b/o/1", "o/1", "http://g/?repo=/o/2", ""},
      {"http://g/repo/o/1", "http://s/b/blobs/77", "o/1", "http://g/repo/o/2", ""},
      {"http://g/repo/xo/1", "http://s/b/o/1", "o/1", "http://g/repo/xo/2", ""},
      {"http://g/repo/o/1", "http://s/b/o/1", "", "http://g/repo/o/2", ""},
  }));
  CAPTURE(row.from, row.to);
  RedirectTable table;
  const std::string path = row.path;
  table.learn({.url = row.from}, {.url = row.to}, path);
  const auto found = table.find({.url = row.asked}, path.empty() ? "" : "o/2");
  CHECK((found ? found->url : "") == row.expected);
}
