#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/forked.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/refs/refs.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

using object::RefSpec;
using test::OstreeRepo;

RefSpec local(const std::string& ref) {
  return {std::nullopt, ref};
}

bool exists(const OstreeRepo& made, const std::string& name) {
  return os::exists({FileDescriptor::cwd(), made / name});
}

std::string text_of(const std::string& path) {
  return std::string(as_text(test::read_file(path)));
}

}  // namespace

TEST_CASE("ostree reads refs that we write") {
  const OstreeRepo made;
  const Checksum commit = made.commit("start");
  Repo repo = made.open();
  write_ref(repo, local("os/stable"), commit);
  write_ref(repo, RefSpec{"origin", "os/testing"}, commit, false);
  CHECK(made.run({"rev-parse", "os/stable"}) == commit.hex());
  CHECK(made.run({"rev-parse", "origin:os/testing"}) == commit.hex());
  CHECK(made.run_sorted({"refs"}) == "origin:os/testing\nos/stable\nstart");
  CHECK(text_of(made / "refs/heads/os/stable") == commit.hex() + "\n");
  CHECK((os::try_stat({repo.dir(), "refs/heads/os/stable"})->st_mode & 07777) == 0644);
  CHECK(list_directory(os::open_dir({repo.dir(), "refs/heads/os"})).size() == 1);
}

TEST_CASE("writing a ref again replaces it") {
  const OstreeRepo made;
  const Checksum first = made.commit("main", "1");
  const Checksum second = made.commit("main", "2");
  Repo repo = made.open();
  write_ref(repo, local("main"), first);
  CHECK(made.run({"rev-parse", "main"}) == first.hex());
  write_ref(repo, local("main"), second);
  CHECK(made.run({"rev-parse", "main"}) == second.hex());
}

TEST_CASE("watchers see by the repository's time that refs changed") {
  const OstreeRepo made;
  const Checksum commit = made.commit("main");
  Repo repo = made.open();
  for (const std::optional<Checksum>& value : {std::optional(commit), std::optional<Checksum>()}) {
    os::set_mtime(repo.dir(), 1000);
    write_ref(repo, local("other"), value);
    CHECK(os::stat(repo.dir()).st_mtime > 1000);
  }
}

TEST_CASE("deleting a ref removes directories that become empty") {
  const OstreeRepo made;
  const Checksum commit = made.commit("a/b/c/d");
  Repo repo = made.open();
  write_ref(repo, local("a/b/e"), commit);
  write_ref(repo, local("a/b/c/d"), std::nullopt);
  CHECK_FALSE(exists(made, "refs/heads/a/b/c"));
  CHECK(find_ref(repo, local("a/b/e")) == commit);
  write_ref(repo, local("a/b/e"), std::nullopt);
  CHECK_FALSE(exists(made, "refs/heads/a"));
  CHECK(exists(made, "refs/heads"));
  CHECK(made.run_sorted({"refs"}).empty());
}

TEST_CASE("deleting what is not there is fine") {
  const OstreeRepo made;
  made.commit("a");
  Repo repo = made.open();
  write_ref(repo, local("none"), std::nullopt);
  write_ref(repo, local("a/b"), std::nullopt);
  write_ref(repo, RefSpec{"none", "a"}, std::nullopt);
  write_ref(repo, CollectionRef{"org.example.None", "a"}, std::nullopt);
  CHECK(made.run_sorted({"refs"}) == "a");
}

TEST_CASE("a ref takes the place of directories without refs") {
  const OstreeRepo made;
  const Checksum commit = made.commit("start");
  Repo repo = made.open();
  os::make_dirs({repo.dir(), "refs/heads/a/b/c"}, 0755);
  test::write_file(made / "refs/heads/a/b/.rsync_info", "x");
  write_ref(repo, local("a"), commit);
  CHECK(made.run({"rev-parse", "a"}) == commit.hex());
}

TEST_CASE("one ref cannot be a directory of another") {
  const OstreeRepo made;
  const Checksum commit = made.commit("a/b");
  Repo repo = made.open();
  CHECK(error_kind([&] { write_ref(repo, local("a"), commit); }) == ErrorKind::InvalidArgument);
  CHECK_THROWS_WITH(write_ref(repo, local("a"), commit), Catch::Contains("a/b"));
  CHECK(error_kind([&] { write_ref(repo, local("a/b/c"), commit); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { write_ref(repo, local("a/b/c/d"), commit); }) ==
        ErrorKind::InvalidArgument);
  CHECK(made.run_sorted({"refs"}) == "a/b");
}

TEST_CASE("names that no ref can have are not written") {
  const OstreeRepo made;
  const Checksum commit = made.commit("start");
  Repo repo = made.open();
  for (const std::string& name :
       {std::string(), std::string("../config"), std::string("a/../../x"), commit.hex()})
    CHECK(error_kind([&] { write_ref(repo, local(name), commit); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] {
          write_ref(repo, RefSpec{"..", "config"}, commit);
        }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] {
          write_ref(repo, CollectionRef{"..", "config"}, commit);
        }) == ErrorKind::InvalidArgument);
  CHECK(made.run_sorted({"refs"}) == "start");
}

TEST_CASE("ostree follows aliases that we make") {
  const OstreeRepo made;
  const Checksum commit = made.commit("os/stable");
  Repo repo = made.open();
  write_alias(repo, "current", "os/stable");
  write_alias(repo, "very/deep/current", "os/stable");
  CHECK(made.run({"rev-parse", "very/deep/current"}) == commit.hex());
  CHECK(made.run_sorted({"refs", "-A"}) == "current -> os/stable\nvery/deep/current -> os/stable");
  const Checksum next = made.commit("os/next", "next");
  write_alias(repo, "current", "os/next");
  CHECK(made.run({"rev-parse", "current"}) == next.hex());
  write_ref(repo, local("current"), std::nullopt);
  CHECK(made.run_sorted({"refs", "-A"}) == "very/deep/current -> os/stable");
}

TEST_CASE("an alias needs a ref, and not itself") {
  const OstreeRepo made;
  made.commit("main");
  Repo repo = made.open();
  CHECK(error_kind([&] { write_alias(repo, "alias", "none"); }) == ErrorKind::NotFound);
  CHECK(error_kind([&] { write_alias(repo, "main", "main"); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { write_alias(repo, "main/below", "main"); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { write_alias(repo, "../alias", "main"); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("refs may be written and deleted side by side") {
  const OstreeRepo made;
  const Checksum commit = made.commit("start");
  const auto work = [&](const std::string& name) {
    Repo repo = made.open();
    for (int round = 0; round < 100; ++round) {
      write_ref(repo, local("shared/dir/" + name), commit, false);
      if (find_ref(repo, local("shared/dir/" + name)) != commit) return 1;
      write_ref(repo, local("shared/dir/" + name), std::nullopt, false);
      list_refs(repo);
    }
    return 0;
  };
  test::Forked a([&] { return work("a"); });
  test::Forked b([&] { return work("b"); });
  test::Forked c([&] { return work("c"); });
  CHECK(a.wait() == 0);
  CHECK(b.wait() == 0);
  CHECK(c.wait() == 0);
  CHECK(made.run_sorted({"refs"}) == "start");
  CHECK_FALSE(exists(made, "refs/heads/shared"));
}

TEST_CASE("a ref is the old or the new one, whenever its writer is killed") {
  const OstreeRepo made;
  const Checksum first = made.commit("main", "1");
  const Checksum second = made.commit("main", "2");
  for (int round = 0; round < 15; ++round) {
    test::Forked writer([&]() -> int {
      Repo repo = made.open();
      for (;;) {
        write_ref(repo, local("main"), first, false);
        write_ref(repo, local("main"), second, false);
      }
    });
    ::usleep(static_cast<useconds_t>(1000 + 400 * round));
    writer.kill();
    const auto found = find_ref(made.open(), local("main"));
    CHECK((found == first || found == second));
  }
  CHECK(made.run_sorted({"refs"}) == "main");
}

}  // namespace xylem::repo
