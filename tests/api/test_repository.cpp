#include "xylem/repository.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "base/os/os.hpp"
#include "repo/locks/lock.hpp"
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

TEST_CASE("a bad ref does not hide the good ones") {
  const Repositories repositories;
  test::write_file(repositories.source + "/refs/heads/bad", std::string_view("nonsense"));
  const Repository repository = Repository::open(repositories.source);
  CHECK(repository.refs() == std::map<std::string, std::string>{{"os/test", repositories.commit}});
}

TEST_CASE("a pull into an open repository makes tmp/ anew after somebody removed it") {
  const Repositories repositories;
  Repository repository = Repository::create(repositories.target, RepositoryMode::Archive);
  repository.set_remote("origin", "file://" + repositories.source, {{"gpg-verify", "false"}});
  test::run_ok({"rm", "-r", repositories.target + "/tmp"});
  repository.pull(repositories.options());
  CHECK(repository.resolve("origin:os/test") == repositories.commit);
}

TEST_CASE("a pull that keeps refs checks all the same, and says what the refs would be") {
  const Repositories repositories;
  Repository repository = Repository::create(repositories.target, RepositoryMode::Archive);
  repository.set_remote("origin", "file://" + repositories.source, {{"gpg-verify", "false"}});
  PullOptions options = repositories.options();
  options.keep_refs = true;

  const PullResult result = repository.pull(options);
  REQUIRE(result.refs.size() == 1);
  CHECK(result.refs[0].commit == repositories.commit);
  CHECK(result.refs[0].changed);
  CHECK(repository.is_complete(repositories.commit));
  CHECK(repository.refs().empty());

  test::run_ok(
      {"ostree", "refs", "--repo=" + repositories.source, "--create=other", repositories.commit});
  options.refs = {"other"};
  CHECK_THROWS_AS(repository.pull(options), Error);  // the commit is bound to os/test
}

TEST_CASE("a repository opened by its descriptor pulls from one that is named by a descriptor") {
  const Repositories repositories;
  Repository::create(repositories.target, RepositoryMode::Archive);
  const UniqueFd target = os::open_dir({FileDescriptor::cwd(), repositories.target});
  const UniqueFd source = os::open_dir({FileDescriptor::cwd(), repositories.source});
  // Whoever has moved a repository has not closed it.
  test::run_ok({"mv", repositories.target, repositories.dir / "moved"});

  const Repository repository = Repository::open_at(target.get());
  PullOptions options;
  options.local_repository = "/proc/self/fd/" + std::to_string(source.get());
  options.refs = {"os/test"};
  repository.pull(options);
  CHECK(Repository::open(repositories.dir / "moved").resolve("os/test") == repositories.commit);
}

TEST_CASE("a pull whose caller holds the lock does not wait for it") {
  const Repositories repositories;
  Repository repository = Repository::create(repositories.target, RepositoryMode::Archive);
  repository.set_remote("origin", "file://" + repositories.source, {{"gpg-verify", "false"}});
  const UniqueFd dir = os::open_dir({FileDescriptor::cwd(), repositories.target});
  const auto held = repo::RepoLock::acquire(dir, os::LockMode::Exclusive, {});
  PullOptions options = repositories.options();
  options.caller_holds_lock = true;
  repository.pull(options);
  CHECK(repository.resolve("origin:os/test") == repositories.commit);
}
