// The summary: asked for as rarely, and as cheaply, as can be.

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/os/os_metadata.hpp"
#include "pull_site.hpp"
#include "support/process.hpp"
#include "xylem/error.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

struct Site {
  SourceRepo source;
  FaultServer server{source.fd()};
  TargetRepo target{server.url()};

  std::string cached() const { return target.path() + "/tmp/cache/summaries/origin"; }
};

}  // namespace

TEST_CASE("a pull that has nothing to do costs a few small requests", "[network]") {
  Site site;
  const bool with_signature = GENERATE(false, true);
  write_file(site.source.path() + "/summary.sig", "signature");
  PullOptions options = impatient();
  options.mirror = with_signature;
  site.target.pull(options);
  site.server.forget_requests();
  const PullResult result = site.target.pull(options);
  // And the commit's detached metadata; a mirror copies deltas, too, and looks for new ones.
  CHECK(site.server.requests().size() == (with_signature ? 3 : 2));
  REQUIRE(site.server.count(with_signature ? "/summary.sig" : "/summary") == 1);
  CHECK(site.server.requests().front().status == 304);
  CHECK(result.bytes_transferred < 200);
}

TEST_CASE("a summary is cached where and as ostree does it", "[network]") {
  Site site;
  site.target.pull(impatient());
  CHECK(read_file(site.cached()) == read_file(site.source.path() + "/summary"));
  const PathAt cached{FileDescriptor::cwd(), site.cached()};
  CHECK(os::try_get_xattr(cached, "user.etag").has_value());
  CHECK(std::filesystem::last_write_time(site.cached()) <=
        std::filesystem::last_write_time(site.source.path() + "/summary"));
}

TEST_CASE("a changed summary is fetched", "[network]") {
  Site site;
  site.target.pull(impatient());
  site.source.commit();
  site.source.update_summary();
  site.target.pull(impatient());
  CHECK(site.target.is_sound(site.source.head()));
  CHECK(read_file(site.cached()) == read_file(site.source.path() + "/summary"));
}

TEST_CASE("a server without validators sends it each time", "[network]") {
  Site site;
  site.server.set_fault("no-validators");
  site.target.pull(impatient());
  site.source.commit();
  site.source.update_summary();
  site.target.pull(impatient());
  CHECK(site.target.is_sound(site.source.head()));
}

TEST_CASE("a damaged cache only costs a request", "[network]") {
  Site site;
  site.target.pull(impatient());
  const PathAt cached{FileDescriptor::cwd(), site.cached()};
  const Bytes etag = os::try_get_xattr(cached, "user.etag").value();
  const auto content = GENERATE(as<std::string>(), "", "junk");
  write_file(site.cached(), content);
  os::set_xattr(cached, "user.etag", etag);
  site.target.pull(impatient());
  CHECK(site.target.is_sound(site.source.head()));
  CHECK(read_file(site.cached()) == read_file(site.source.path() + "/summary"));
}

TEST_CASE("what is no summary is not cached, and asked for past caches", "[network]") {
  Site site;
  site.server.set_fault("path=/summary html count=1");
  site.target.pull(impatient());
  CHECK(site.target.is_sound(site.source.head()));
  CHECK(site.server.requests()[1].header("Cache-Control") == "no-cache");
  site.server.set_fault("path=/summary html");
  const TargetRepo other(site.server.url());
  CHECK(other.failure(impatient()).kind() == ErrorKind::Corrupt);
  CHECK_FALSE(std::filesystem::exists(other.path() + "/tmp/cache/summaries/origin"));
}

TEST_CASE("another URL is not asked with the old one's validators", "[network]") {
  Site site;
  site.target.pull(impatient());
  FaultServer other(site.source.fd());
  SECTION("after the remote was changed") {
    site.target.configure("url", other.url());
    site.target.pull(impatient());
  }
  SECTION("with --url") {
    PullOptions options = impatient();
    options.url = other.url();
    site.target.pull(options);
  }
  CHECK(other.requests().front().target == "/summary");
  CHECK(other.requests().front().status == 200);
}

TEST_CASE("--cache-dir is used in place of the repository's", "[network]") {
  Site site;
  TempDir cache;
  PullOptions options = impatient();
  options.cache_dir = cache.path();
  site.target.pull(options);
  CHECK(std::filesystem::exists(cache / "summaries/origin"));
  CHECK_FALSE(std::filesystem::exists(site.cached()));
  site.server.forget_requests();
  site.target.pull(options);
  CHECK(site.server.requests().front().status == 304);
  options.cache_dir = cache / "missing";
  CHECK(site.target.failure(options).kind() == ErrorKind::Io);
}

TEST_CASE("a mirror copies summary and signature as one", "[network]") {
  Site site;
  write_file(site.source.path() + "/summary.sig", "signature");
  PullOptions options = impatient();
  options.mirror = true;
  site.target.pull(options);
  CHECK(as_text(read_file(site.target.path() + "/summary.sig")) == "signature");
  CHECK(as_text(read_file(site.cached() + ".sig")) == "signature");
  site.server.forget_requests();
  site.target.pull(options);
  CHECK(site.server.count("/summary") == 0);  // the same signature is for the same summary
  CHECK(site.server.requests().front().status == 304);
}

TEST_CASE("the real ostree goes on with our cache", "[network]") {
  Site site;
  write_file(site.source.path() + "/summary.sig", "");
  PullOptions options = impatient();
  options.mirror = true;
  site.target.pull(options);
  site.server.forget_requests();
  run_ok({"ostree", "pull", "--repo=" + site.target.path(), "origin", os_ref});
  for (const auto& request : site.server.requests())
    if (request.target == "/summary.sig") CHECK(request.status == 304);
}
