// Whole pulls from several mirrors.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "pull_site.hpp"
#include "support/process.hpp"
#include "xylem/error.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

/// Two servers of the same repository, and one for lists.
struct Mirrors {
  SourceRepo source;
  FaultServer first{source.fd()};
  FaultServer second{source.fd()};
  TempDir lists_dir;
  FaultServer lists{lists_dir.fd()};

  Mirrors() {
    write_file(lists_dir / "list",
               "# mirrors\nhttp://nowhere.invalid/\n" + first.url() + "\n\n" + second.url() + "\n");
  }
  std::string list_url() const { return "mirrorlist=" + lists.url("list"); }
  void write_metalink(const std::string& sha256, std::size_t size) const {
    write_file(lists_dir / "metalink",
               fmt::format("<metalink version=\"3.0\"><files><file name=\"summary\">"
                           "<size>{}</size><verification><hash type=\"sha256\">{}</hash>"
                           "</verification><resources><url protocol=\"http\">{}</url>"
                           "<url protocol=\"http\">{}</url></resources></file></files></metalink>",
                           size, sha256, first.url("summary"), second.url("summary")));
  }
  std::string summary_sha256() const {
    return run_ok({"sha256sum", source.path() + "/summary"}).substr(0, 64);
  }
  std::size_t summary_size() const { return read_file(source.path() + "/summary").size(); }
};

}  // namespace

TEST_CASE("a mirror list is pulled from, though its first mirror does not exist", "[network]") {
  Mirrors mirrors;
  const TargetRepo target(mirrors.list_url());
  target.pull(impatient());
  CHECK(target.is_sound(mirrors.source.head()));
  CHECK(mirrors.lists.count("/list") == 1);
  CHECK(mirrors.second.count("/summary") == 0);
}

TEST_CASE("a mirror that dies in the middle is replaced by another one", "[network]") {
  Mirrors mirrors;
  const auto words =
      GENERATE(as<std::string>(), "skip=20 reset=0", "skip=20 status=503", "skip=20 status=404",
               "skip=20 stall=0", "path=*.filez skip=5 flip=100", "path=*.filez html");
  CAPTURE(words);
  mirrors.first.set_fault(words);
  const TargetRepo target(mirrors.list_url());
  const bool silent = words.find("stall") != words.npos;
  target.pull(silent ? impatient_with_silence() : impatient());
  CHECK(target.is_sound(mirrors.source.head()));
  CHECK_FALSE(mirrors.second.requests().empty());
}

TEST_CASE("a partial file continues from another mirror", "[network]") {
  Mirrors mirrors;
  const std::string object = "/" + mirrors.source.largest_object();
  mirrors.first.set_fault("path=" + object + " reset=3000000");
  const TargetRepo target(mirrors.list_url());
  const PullResult result = target.pull(impatient());
  CHECK(target.is_sound(mirrors.source.head()));
  const auto requests = mirrors.second.requests();
  const auto continued = std::ranges::find(requests, object, &SeenRequest::target);
  REQUIRE(continued != requests.end());
  CHECK(continued->header("Range").starts_with("bytes="));
  CHECK(result.bytes_transferred < 5'100'000);  // all objects, each once
}

TEST_CASE("objects come from contenturl, all else from url", "[network]") {
  Mirrors mirrors;
  const TargetRepo target(mirrors.first.url());
  const bool list = GENERATE(false, true);
  target.configure("contenturl", list ? mirrors.list_url() : mirrors.second.url());
  if (list) mirrors.first.set_fault("path=*.filez status=404");
  target.pull(impatient());
  CHECK(target.is_sound(mirrors.source.head()));
  CHECK(mirrors.first.count("/summary") == 1);
  CHECK(mirrors.second.count("/" + mirrors.source.largest_object()) == 1);
}

TEST_CASE("a metalink names the mirrors, and what the summary has to be", "[network]") {
  Mirrors mirrors;
  mirrors.write_metalink(mirrors.summary_sha256(), mirrors.summary_size());
  const TargetRepo target("http://unused.invalid/");
  target.configure("metalink", mirrors.lists.url("metalink"));
  SECTION("and is pulled from") {
    mirrors.first.set_fault("skip=10 status=503");
  }
  SECTION("and another one is asked if it is not") {
    mirrors.first.set_fault("path=/summary flip=20");
  }
  target.pull(impatient());
  CHECK(target.is_sound(mirrors.source.head()));
  CHECK_FALSE(mirrors.second.requests().empty());
}

TEST_CASE("a summary that is not the metalink's is refused", "[network]") {
  Mirrors mirrors;
  mirrors.write_metalink(std::string(64, '0'), mirrors.summary_size());
  const TargetRepo target("http://unused.invalid/");
  target.configure("metalink", mirrors.lists.url("metalink"));
  const Error error = target.failure(impatient());
  CHECK(error.kind() == ErrorKind::Corrupt);
  CHECK(std::string(error.what()).find("metalink") != std::string::npos);
}

TEST_CASE("lists that cannot be used say so", "[network]") {
  Mirrors mirrors;
  const TargetRepo target(mirrors.list_url());
  write_file(mirrors.lists_dir / "list", "# nothing\nfile:///etc\n");
  CHECK(target.failure(impatient()).kind() == ErrorKind::Corrupt);
  mirrors.lists.set_fault("status=404");
  CHECK(target.failure(impatient()).kind() == ErrorKind::NotFound);
}

TEST_CASE("bytes that stay bad name server, caches and attempt", "[network]") {
  Mirrors mirrors;
  mirrors.first.set_fault("path=*.filez flip=100");
  const TargetRepo target(mirrors.first.url());
  const Error error = target.failure(impatient());
  CHECK(error.kind() == ErrorKind::Corrupt);
  CHECK(error.details().attempts == 2);
  const std::string message = error.what();
  CHECK(message.find(mirrors.first.url("objects/")) != std::string::npos);
  CHECK(message.find("attempt 2") != std::string::npos);
  bool past_caches = false;
  for (const auto& request : mirrors.first.requests())
    past_caches = past_caches || request.header("Cache-Control") == "no-cache";
  CHECK(past_caches);
}
