#include "cli/shared/pull_job.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "base/os/os_observer.hpp"
#include "cli/run.hpp"
#include "support/config_counter.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

/// A source with one commit, and an empty repository with a remote that means it.
class Repositories {
 public:
  Repositories() {
    make_source();
    test::run_ok({"ostree", "init", "--repo=" + target(), "--mode=archive"});
    test::run_ok({"ostree", "remote", "add", "--repo=" + target(), "--no-gpg-verify", "origin",
                  "file://" + source()});
  }
  std::string source() const { return dir_ / "source"; }
  std::string target() const { return dir_ / "target"; }

  /// How often a command opens the target.
  int opens_in(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "xylem");
    arguments.push_back("--repo=" + target());
    test::ConfigCounter counter(target());
    const os::ObserverScope scope(counter);
    REQUIRE(cli::run(arguments) == 0);
    return counter.opens();
  }
  std::string commit_of(const std::string& ref) const {
    return test::run_ok({"ostree", "rev-parse", "--repo=" + target(), ref});
  }

 private:
  void make_source() const {
    test::run_ok({"mkdir", dir_ / "tree"});
    test::write_file(dir_ / "tree/file", std::string_view("content"));
    test::run_ok({"ostree", "init", "--repo=" + source(), "--mode=archive"});
    test::run_ok({"ostree", "commit", "--repo=" + source(), "-b", "os/test",
                  "--tree=dir=" + (dir_ / "tree")});
  }

  test::TempDir dir_;
};

}  // namespace

TEST_CASE("the command opens its repository once in a pull") {
  const Repositories repositories;
  CHECK(repositories.opens_in({"pull", "--quiet", "origin", "os/test"}) == 1);
  CHECK_FALSE(repositories.commit_of("origin:os/test").empty());
}

TEST_CASE("the command opens its repository once in a pull from a local repository") {
  const Repositories repositories;
  CHECK(repositories.opens_in({"pull-local", repositories.source(), "os/test"}) == 1);
  CHECK_FALSE(repositories.commit_of("os/test").empty());
}
