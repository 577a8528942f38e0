// HTTP/2 servers that end connections and streams, and mirrors that die.

#include <catch2/catch.hpp>

#include "pull/session.hpp"
#include "pull_site.hpp"
#include "support/nghttpx.hpp"
#include "support/nginx.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

/// Kills a server as soon as bytes come.
class Killer : public PullObserver {
 public:
  explicit Killer(Nginx& nginx) : nginx_(nginx) {}
  void on_progress(const PullProgress& progress) override {
    if (progress.bytes_transferred > 0 && !std::exchange(done_, true)) nginx_.kill();
  }

 private:
  Nginx& nginx_;
  bool done_ = false;
};

}  // namespace

TEST_CASE("a server that says goodbye after ten requests is come back to", "[servers]") {
  SourceRepo source;
  const Certificates certificates;
  const Nginx nginx(source.path(), {.certificates = &certificates},
                    {.http = "keepalive_requests 10;", .server = ""});
  const TargetRepo target(nginx.https_url(""));
  target.configure("tls-ca-path", certificates.ca());
  target.pull(impatient());
  CHECK(target.is_sound(source.head()));
}

TEST_CASE("streams that are reset are asked for again", "[servers]") {
  SourceRepo source;
  FaultServer server(source.fd());
  const Nghttpx front(server.port());  // makes reset streams of torn connections
  server.set_fault("path=*.filez reset=1000 count=30");
  const TargetRepo target(front.url());
  target.configure("tls-ca-path", front.ca());
  PullOptions options = impatient();
  options.network_retries = 40;
  const PullResult result = target.pull(options);
  CHECK(target.is_sound(source.head()));
  CHECK(result.retries > 0);
}

TEST_CASE("a mirror that dies in the middle is replaced", "[servers]") {
  SourceRepo source;
  const bool tls = GENERATE(false, true);
  const Certificates certificates;
  Nginx nginx(source.path(), {.certificates = &certificates},
              {.http = "", .server = "limit_rate 400k;"});
  FaultServer second(source.fd());
  TempDir lists_dir;
  FaultServer lists(lists_dir.fd());
  write_file(lists_dir / "list",
             (tls ? nginx.https_url("") : nginx.http_url("")) + "\n" + second.url() + "\n");
  const TargetRepo target("mirrorlist=" + lists.url("list"));
  target.configure("tls-ca-path", certificates.ca());
  PullOptions options = impatient();
  options.remote = "origin";
  options.refs = {os_ref};
  options.update_frequency = std::chrono::milliseconds(5);
  Killer killer(nginx);
  repo::Repo repo = repo::Repo::open(target.path());
  pull::run(repo, options, &killer, {});
  CHECK(target.is_sound(source.head()));
  CHECK(second.count("/" + source.largest_object()) >= 1);
}
