// An object that is imported while it comes, when it does not come well.

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "cancelled_pull.hpp"
#include "support/child.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

constexpr std::uint64_t kept = 3'000'000;

struct Site {
  SourceRepo source;
  FaultServer server{source.fd()};
  TargetRepo target{server.url(), GENERATE("archive", "bare-user")};
  std::string large = source.largest_object();

  void break_large(const std::string& fault) { server.set_fault("path=/" + large + " " + fault); }
  bool is_sound() const { return target.is_sound(source.head()); }
  /// Bytes of the large object that have been downloaded to a file.
  std::uint64_t downloaded() const {
    const std::string part = large.substr(8, 2) + large.substr(11) + ".part";
    for (const auto& dir : std::filesystem::directory_iterator(target.path() + "/tmp"))
      if (std::error_code none;
          dir.is_directory() && std::filesystem::exists(dir.path() / part, none))
        return std::filesystem::file_size(dir.path() / part, none);
    return 0;
  }
  /// Objects under their final names, of the kind that is asked for.
  bool has_large() const {
    std::filesystem::path name = target.path() + "/" + large;
    return std::filesystem::exists(name) || std::filesystem::exists(name.replace_extension("file"));
  }
};

}  // namespace

TEST_CASE("a large object whose link is cut goes on", "[network]") {
  Site site;
  site.break_large("cut=700000");  // of each answer
  PullOptions options = impatient();
  options.network_retries = 3;
  const PullResult result = site.target.pull(options);
  CHECK(result.bytes_resumed >= kept);
  CHECK(site.is_sound());
}

TEST_CASE("a large object that begins anew is imported anew", "[network]") {
  Site site;
  const std::string path = "path=/" + site.large;
  // The first bytes are others than those that come after the break.
  site.server.set_faults({parse_fault(path + " count=1 flip=1000000 reset=3000000"),
                          parse_fault(path + " ignore-range")});
  site.target.pull(impatient());
  CHECK(site.is_sound());
}

TEST_CASE("bad bytes at the end of a large object are asked for again", "[network]") {
  Site site;
  const std::uint64_t last = std::filesystem::file_size(site.source.path() + "/" + site.large) - 1;
  SECTION("and are good then") {
    site.break_large("count=1 flip=" + std::to_string(last));
    site.target.pull(impatient());
    CHECK(site.server.count("/" + site.large) == 2);
    CHECK(site.is_sound());
  }
  SECTION("and are bad for ever") {
    site.break_large("flip=" + std::to_string(last));
    CHECK(site.target.failure(impatient()).kind() == ErrorKind::Corrupt);
    CHECK_FALSE(site.has_large());
    CHECK(site.downloaded() == 0);
    site.server.set_faults({});
    site.target.pull(impatient());
    CHECK(site.is_sound());
  }
}

TEST_CASE("a partial large object with bad bytes is thrown away", "[network]") {
  Site site;
  site.server.set_faults({parse_fault("path=/" + site.large + " count=1 flip=500 cut=3000000")});
  const PullResult result = site.target.pull(impatient());
  CHECK(result.bytes_transferred > 8'000'000 - kept);
  CHECK(site.is_sound());
}

TEST_CASE("a pull that is cancelled within a large object is gone on with", "[network][cancel]") {
  Site site;
  site.break_large("stall=" + std::to_string(kept));
  CancelledPull pull(site.target);
  pull.run([&] { return site.downloaded() == kept; });
  CHECK_FALSE(site.has_large());
  site.server.set_faults({});
  const PullResult result = site.target.pull(impatient());
  CHECK(result.bytes_resumed >= kept);
  CHECK(site.is_sound());
}

TEST_CASE("a pull that is killed within a large object is gone on with", "[network]") {
  Site site;
  site.break_large("stall=" + std::to_string(kept));
  const char* program = std::getenv("XYLEM_COMMAND");
  REQUIRE(program != nullptr);
  Child child({program, "pull", "--repo=" + site.target.path(), "origin", os_ref});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (site.downloaded() != kept) {
    REQUIRE(child.running());
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  child.signal(SIGKILL);
  child.wait();
  CHECK_FALSE(site.has_large());
  site.server.set_faults({});
  const PullResult result = site.target.pull(impatient());
  CHECK(result.bytes_resumed >= kept);
  CHECK(site.is_sound());
}
