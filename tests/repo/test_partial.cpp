#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/partial.hpp"
#include "support/process.hpp"

namespace xylem::repo {

namespace {

using test::OstreeRepo;

std::string marker(const Checksum& commit) {
  return "state/" + commit.hex() + ".commitpartial";
}

}  // namespace

TEST_CASE("commits are marked as libostree marks them") {
  const OstreeRepo made;
  const Checksum first = made.commit("main", "1");
  const Checksum second = made.commit("main", "2");
  Repo repo = made.open();
  CHECK(commit_state(repo, first) == CommitState::Complete);

  mark_partial(repo, first);
  mark_partial(repo, second, CommitState::PartialByFsck, false);
  CHECK(commit_state(repo, first) == CommitState::Partial);
  CHECK(commit_state(repo, second) == CommitState::PartialByFsck);
  CHECK(test::read_file(made / marker(first)).empty());
  CHECK(as_text(test::read_file(made / marker(second))) == "f");
  CHECK((os::try_stat({repo.dir(), marker(first)})->st_mode & 07777) == 0644);

  unmark_partial(repo, first);
  unmark_partial(repo, first);
  CHECK(commit_state(repo, first) == CommitState::Complete);
}

TEST_CASE("a marker that is there keeps its reason") {
  const OstreeRepo made;
  const Checksum commit = made.commit("main");
  Repo repo = made.open();
  mark_partial(repo, commit, CommitState::PartialByFsck);
  mark_partial(repo, commit);
  CHECK(commit_state(repo, commit) == CommitState::PartialByFsck);
}

TEST_CASE("ostree knows the commits that we marked") {
  const OstreeRepo made;
  const Checksum commit = made.commit("main");
  Repo repo = made.open();
  mark_partial(repo, commit, CommitState::PartialByFsck);
  CHECK_FALSE(made.succeeds({"fsck", "-q"}));
  unmark_partial(repo, commit);
  CHECK(made.succeeds({"fsck", "-q"}));
}

TEST_CASE("we know the commits that ostree marked") {
  const OstreeRepo source;
  const Checksum commit = source.commit("main");
  const OstreeRepo made;
  made.run({"pull-local", "--commit-metadata-only", source.path(), "main"});
  const Repo repo = made.open();
  CHECK(commit_state(repo, commit) == CommitState::Partial);
  CHECK(list_partial(repo) == std::vector<Checksum>{commit});
}

TEST_CASE("markers are listed, other files are not") {
  const OstreeRepo made;
  Repo repo = made.open();
  CHECK(list_partial(repo).empty());
  const Checksum commit = made.commit("main");
  mark_partial(repo, commit);
  test::write_file(made / "state/other", "");
  test::write_file(made / "state/xyz.commitpartial", "");
  CHECK(list_partial(repo) == std::vector<Checksum>{commit});
}

TEST_CASE("state/ is made when it is needed") {
  const OstreeRepo made;
  const Checksum commit = made.commit("main");
  os::remove_dir({FileDescriptor::cwd(), made / "state"});
  Repo repo = made.open();
  CHECK(commit_state(repo, commit) == CommitState::Complete);
  CHECK(list_partial(repo).empty());
  mark_partial(repo, commit);
  CHECK(commit_state(repo, commit) == CommitState::Partial);
}

TEST_CASE("a parent's commit is as complete as it is there") {
  const OstreeRepo below;
  const Checksum commit = below.commit("main");
  Repo parent = below.open();
  mark_partial(parent, commit);
  const OstreeRepo above;
  above.run({"config", "set", "core.parent", below.path()});
  CHECK(commit_state(above.open(), commit) == CommitState::Partial);
  test::run_ok({"cp", "-r", below / "objects", above.path()});
  CHECK(commit_state(above.open(), commit) == CommitState::Complete);
}

}  // namespace xylem::repo
