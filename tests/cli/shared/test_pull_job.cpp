#include "cli/shared/pull_job.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "base/os/os_observer.hpp"
#include "cli/run.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

/// Counts how often the configuration of one repository is opened, which each open of the
/// repository does once.
class ConfigCounter : public os::Observer {
 public:
  explicit ConfigCounter(const std::string& repo) : repo_(std::filesystem::canonical(repo)) {}

  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation == os::Operation::Open && call.path->name == "config" &&
        directory_of(*call.path) == repo_)
      ++opens_;
    return real();
  }
  int opens() const { return opens_; }

 private:
  static std::filesystem::path directory_of(const PathAt& path) {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(path.dir.get()),
                                         ignored);
  }

  const std::filesystem::path repo_;
  std::atomic<int> opens_ = 0;
};

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
    ConfigCounter counter(target());
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
