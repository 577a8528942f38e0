// What came once is not fetched again, in the next pull or after the next boot.

#include <catch2/catch.hpp>
#include <filesystem>

#include "pull_site.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

constexpr std::uint64_t kept = 3'000'000;

struct Site {
  SourceRepo source;
  FaultServer server{source.fd()};
  TargetRepo target{server.url()};

  /// A pull that ends within the largest object, of 4 MB.
  void break_off() {
    server.set_fault("path=/" + source.largest_object() + " cut=" + std::to_string(kept));
    PullOptions options = impatient();
    options.network_retries = 0;
    REQUIRE(target.failure(options).kind() == ErrorKind::Corrupt);
    server.set_faults({});
  }
  /// As if the machine had been booted since: what is staged is of another boot.
  void reboot() const {
    const std::string boot = "00000000-0000-4000-8000-000000000000";
    const std::string prefix = "staging-";
    std::size_t renamed = 0;
    for (const auto& entry : std::filesystem::directory_iterator(target.path() + "/tmp")) {
      const std::string name = entry.path().filename();
      if (!name.starts_with(prefix)) continue;
      const std::string rest = name.substr(prefix.size() + boot.size());
      std::filesystem::rename(entry.path(), entry.path().parent_path() / (prefix + boot + rest));
      ++renamed;
    }
    REQUIRE(renamed > 0);
  }
};

}  // namespace

TEST_CASE("the next pull goes on within an object", "[network]") {
  Site site;
  site.break_off();
  PullOptions options = impatient();
  SECTION("from the same server") {}
  SECTION("after the next boot") {
    site.reboot();
  }
  const PullResult result = site.target.pull(options);
  CHECK(result.bytes_resumed >= kept);
  CHECK(result.bytes_transferred < 2'500'000);  // all but what was kept
  CHECK(site.target.is_sound(site.source.head()));
}

TEST_CASE("the next pull goes on within an object from another server", "[network]") {
  Site site;
  site.break_off();
  FaultServer other(site.source.fd());
  PullOptions options = impatient();
  options.url = other.url();
  const PullResult result = site.target.pull(options);
  CHECK(result.bytes_resumed >= kept);
  CHECK(other.count("/" + site.source.largest_object()) == 1);
  CHECK(site.target.is_sound(site.source.head()));
}
