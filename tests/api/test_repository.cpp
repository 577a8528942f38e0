#include "xylem/repository.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "support/config_counter.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

/// A local source with one commit, `os/test`, for pulls into `target`.
struct Repositories {
  test::TempDir dir;
  std::string source = dir / "source";
  std::string target = dir / "target";
  std::string commit;

  Repositories() {
    test::run_ok({"mkdir", dir / "tree"});
    test::write_file(dir / "tree/file", std::string_view("content"));
    test::run_ok({"ostree", "init", "--repo=" + source, "--mode=archive"});
    commit = test::run_ok(
        {"ostree", "commit", "--repo=" + source, "-b", "os/test", "--tree=dir=" + (dir / "tree")});
    commit.resize(64);
  }

  PullOptions options() const {
    PullOptions options;
    options.remote = "origin";
    options.refs = {"os/test"};
    return options;
  }
};

}  // namespace

TEST_CASE("a pull into an open repository reads its configuration once") {
  const Repositories repositories;
  Repository repository = Repository::create(repositories.target, RepositoryMode::Archive);
  repository.set_remote("origin", "file://" + repositories.source, {{"gpg-verify", "false"}});

  test::ConfigCounter counter(repositories.target);
  const os::ObserverScope scope(counter);
  repository.pull(repositories.options());
  CHECK(counter.opens() == 1);
  CHECK(repository.resolve("origin:os/test") == repositories.commit);
}

TEST_CASE("a pull into an open repository sees a remote that another program added") {
  const Repositories repositories;
  const Repository repository = Repository::create(repositories.target, RepositoryMode::Archive);
  test::run_ok({"ostree", "remote", "add", "--repo=" + repositories.target, "--no-gpg-verify",
                "origin", "file://" + repositories.source});
  repository.pull(repositories.options());
  CHECK(repository.resolve("origin:os/test") == repositories.commit);
}

TEST_CASE("a pull into an open repository makes tmp/ anew after somebody removed it") {
  const Repositories repositories;
  Repository repository = Repository::create(repositories.target, RepositoryMode::Archive);
  repository.set_remote("origin", "file://" + repositories.source, {{"gpg-verify", "false"}});
  test::run_ok({"rm", "-r", repositories.target + "/tmp"});
  repository.pull(repositories.options());
  CHECK(repository.resolve("origin:os/test") == repositories.commit);
}
