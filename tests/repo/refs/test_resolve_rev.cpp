#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/refs/refs.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

using test::OstreeRepo;

/// An empty file is enough of a commit to be found by its checksum.
void add_commit_object(const OstreeRepo& made, const std::string& hex) {
  os::make_dirs({FileDescriptor::cwd(), made / ("objects/" + hex.substr(0, 2))}, 0755);
  test::write_file(made / ("objects/" + hex.substr(0, 2) + "/" + hex.substr(2) + ".commit"), "");
}

std::string hex_of(const std::string& start) {
  return start + std::string(64 - start.size(), '0');
}

}  // namespace

TEST_CASE("what people type means what it means to ostree") {
  const OstreeRepo made;
  const Checksum first = made.commit("main", "1");
  const Checksum second = made.commit("main", "2");
  made.run({"refs", "--create=origin:os/main", first.hex()});
  const Repo repo = made.open();
  const std::string hex = first.hex();
  for (const std::string& rev :
       {std::string("main"), std::string("main^"), std::string("origin:os/main"),
        std::string("origin/os/main"), std::string("os/main"), hex, hex.substr(0, 10),
        second.hex() + "^", second.hex().substr(0, 12) + "^"}) {
    INFO(rev);
    CHECK(resolve_rev(repo, rev).hex() == made.run({"rev-parse", rev}));
    CHECK(try_resolve_rev(repo, rev) == resolve_rev(repo, rev));
  }
}

TEST_CASE("a local ref comes before a remote's") {
  const OstreeRepo made;
  const Checksum first = made.commit("one", "1");
  const Checksum second = made.commit("two", "2");
  const Checksum third = made.commit("three", "3");
  made.run({"refs", "--create=remote:x", "one"});
  made.run({"refs", "--create=zz:remote/x", "two"});
  CHECK(resolve_rev(made.open(), "x") == first);
  CHECK(resolve_rev(made.open(), "remote/x") == first);
  made.run({"refs", "--create=x", "three", "--force"});
  CHECK(resolve_rev(made.open(), "x") == third);
  CHECK(resolve_rev(made.open(), "zz:remote/x") == second);
}

TEST_CASE("a prefix must be unique among commits") {
  const OstreeRepo made;
  add_commit_object(made, hex_of("abc1"));
  add_commit_object(made, hex_of("abc2"));
  add_commit_object(made, hex_of("d"));
  const Repo repo = made.open();
  CHECK(resolve_rev(repo, "abc1").hex() == hex_of("abc1"));
  CHECK(resolve_rev(repo, "d").hex() == hex_of("d"));
  CHECK(error_kind([&] { resolve_rev(repo, "abc"); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { try_resolve_rev(repo, "a"); }) == ErrorKind::InvalidArgument);
  CHECK_FALSE(try_resolve_rev(repo, "abc3"));
  CHECK_FALSE(try_resolve_rev(repo, "ABC1"));
}

TEST_CASE("a ref is not hidden by a commit whose checksum begins with its name") {
  const OstreeRepo made;
  const Checksum commit = made.commit("beef");
  add_commit_object(made, hex_of("beef"));
  CHECK(resolve_rev(made.open(), "beef") == commit);
}

TEST_CASE("what does not exist is not found") {
  const OstreeRepo made;
  const Checksum commit = made.commit("main");
  const Repo repo = made.open();
  const std::string unknown = hex_of("77");
  for (const std::string& rev :
       {std::string("none"), std::string("origin:main"), std::string("main^"),
        std::string("main^^"), unknown + "^", commit.hex() + "^"}) {
    INFO(rev);
    CHECK(error_kind([&] { resolve_rev(repo, rev); }) == ErrorKind::NotFound);
    CHECK_FALSE(try_resolve_rev(repo, rev));
  }
  CHECK(resolve_rev(repo, unknown).hex() == unknown);
  CHECK_THROWS_WITH(resolve_rev(repo, "main^"), Catch::Contains(commit.hex()));
}

TEST_CASE("what cannot be a revision is refused") {
  const Repo repo = OstreeRepo().open();
  for (const char* rev : {"", "^", "^main", "a:b:c", "../x", "a b", "\xff", ":", "a:"})
    CHECK(error_kind([&] { try_resolve_rev(repo, rev); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("parents are looked into as a whole") {
  const OstreeRepo below;
  const Checksum first = below.commit("main", "1");
  const Checksum second = below.commit("main", "2");
  const OstreeRepo above;
  above.run({"config", "set", "core.parent", below.path()});
  const Repo repo = above.open();
  CHECK(resolve_rev(repo, "main") == second);
  CHECK(resolve_rev(repo, "main^") == first);
  CHECK(resolve_rev(repo, first.hex().substr(0, 20)) == first);
}

}  // namespace xylem::repo
