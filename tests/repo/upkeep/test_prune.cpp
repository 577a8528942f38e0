#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "base/os/os_observer.hpp"
#include "repo/disk/layout.hpp"
#include "repo/forked.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/parked_ostree.hpp"
#include "repo/partial.hpp"
#include "repo/transaction/transaction.hpp"
#include "repo/upkeep/prune.hpp"
#include "repo/upkeep/trash.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"

namespace xylem::repo {

namespace {

using object::ObjectName;
using object::ObjectType;
using test::OstreeRepo;

/// Only what the refs' own commits need.
PruneOptions newest_only() {
  PruneOptions options;
  options.retention.refs_only = true;
  options.retention.depth = 0;
  return options;
}

std::vector<Checksum> commit_often(const OstreeRepo& made, int count) {
  std::vector<Checksum> commits;
  for (int number = 0; number < count; ++number)
    commits.push_back(made.commit("main", "content " + std::to_string(number)));
  return commits;
}

std::size_t count_objects(const Repo& repo) {
  std::size_t count = 0;
  repo.store().for_each([&](const ObjectName&) { ++count; });
  return count;
}

/// Its tree and the metadata of that.
bool is_in_one_directory(const object::Commit& commit) {
  return layout::object_dir(commit.root_tree) == layout::object_dir(commit.root_meta);
}

/// The names in objects/.
std::vector<std::string> object_dirs(const Repo& repo) {
  std::vector<std::string> names;
  const auto entries = list_directory(repo.store().dir());
  std::ranges::transform(entries, std::back_inserter(names), &DirEntry::name);
  std::ranges::sort(names);
  return names;
}

bool has_commit(const Repo& repo, const Checksum& commit) {
  return repo.store().has({commit, ObjectType::Commit});
}

/// All but `tmp/cache`.
std::vector<std::string> left_in_tmp(const Repo& repo) {
  std::vector<std::string> names;
  for (const DirEntry& entry : list_directory(repo.tmp()))
    if (entry.name != "cache") names.push_back(entry.name);
  return names;
}

/// Two commits with detached metadata, of which only the newer one is wanted, and a partial one.
void add_history(const OstreeRepo& made) {
  made.commit("main", "old", {"--add-detached-metadata-string=signed=yes"});
  made.commit("main", "new", {"--add-detached-metadata-string=signed=yes"});
  const Checksum partial = made.commit("partial", "older");
  made.commit("partial", "newer");
  Repo repo = made.open();
  mark_partial(repo, partial);
}

/// A repository of its own for each try.
class Copy {
 public:
  explicit Copy(const OstreeRepo& made) { test::run_ok({"cp", "-a", made.path(), path()}); }
  std::string path() const { return dir_ / "repo"; }
  bool passes_fsck() const {
    return test::run(test::ostree_command(path(), {"fsck", "-q"})).status == 0;
  }

 private:
  test::TempDir dir_;
};

/// What was begun must be consistent, and the next prune must bring it to its end.
void check_consistent(const Copy& copy) {
  REQUIRE(copy.passes_fsck());
  Repo repo = Repo::open(copy.path());
  CHECK(prune(repo, newest_only()).failures.empty());
  CHECK(left_in_tmp(repo).empty());
  CHECK(count_objects(repo) == 8);
}

bool changes(os::Operation operation) {
  return operation >= os::Operation::Create && operation < os::Operation::StartWriteback;
}

/// Ends the process in place of a call that changes something.
class EndsAfter : public os::Observer {
 public:
  explicit EndsAfter(int calls) : left_(calls) {}
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (changes(call.operation) && left_-- == 0) ::_exit(1);
    return real();
  }

 private:
  std::atomic<int> left_;
};

/// Lets one of the calls that change something fail.
class FailsAt : public os::Observer {
 public:
  FailsAt(int calls, int error_number) : left_(calls), error_number_(error_number) {}
  bool has_failed() const { return left_ < 0; }
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (!changes(call.operation) || left_-- != 0) return real();
    errno = error_number_;
    return -1;
  }

 private:
  std::atomic<int> left_;
  int error_number_;
};

}  // namespace

TEST_CASE("a prune and a transaction keep out of each other's way") {
  const OstreeRepo made;
  commit_often(made, 2);
  made.run({"config", "set", "core.lock-timeout-secs", "0"});
  Repo repo = made.open();
  const std::size_t before = count_objects(repo);
  test::ParkedOstree transaction(made);
  SECTION("it says who is in the way") {
    CHECK_THROWS_WITH(prune(repo, newest_only()),
                      Catch::Contains("process " + std::to_string(transaction.pid())));
    CHECK(error_kind([&] { prune(repo, newest_only()); }) == ErrorKind::Locked);
    CHECK(count_objects(repo) == before);
  }
  SECTION("waiting can be cancelled") {
    made.run({"config", "set", "core.lock-timeout-secs", "300"});
    Repo patient = made.open();
    const CancelSource cancel;
    std::thread later([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      cancel.cancel();
    });
    PruneOptions options = newest_only();
    options.cancel = cancel.token();
    CHECK(error_kind([&] { prune(patient, options); }) == ErrorKind::Cancelled);
    later.join();
    CHECK(count_objects(repo) == before);
  }
  SECTION("it goes on when the other is dead") {
    transaction.kill();
    CHECK(prune(repo, newest_only()).objects_pruned > 0);
  }
}

TEST_CASE("what a killed prune left is finished by the next") {
  const OstreeRepo made;
  commit_often(made, 2);
  Repo repo = made.open();
  for (const char* name : {"trash-first0", "trash-second"}) {
    os::make_dirs({repo.tmp(), std::string(name) + "/7"}, 0755);
    test::write_file(made / "tmp/" + name + "/0", "left");
  }
  CHECK(prune(repo, newest_only()).objects_pruned == 3);
  CHECK(left_in_tmp(repo).empty());
  CHECK(made.succeeds({"fsck", "-q"}));
}

TEST_CASE("wherever a prune is killed, no commit is left that only looks complete") {
  const OstreeRepo made;
  add_history(made);
  bool finished = false;
  int calls = 0;
  for (; !finished; ++calls) {
    INFO("killed before call " << calls);
    const Copy copy(made);
    test::Forked child([&] {
      EndsAfter observer(calls);
      const os::ObserverScope scope(observer);
      Repo repo = Repo::open(copy.path());
      prune(repo, newest_only());
      return 0;
    });
    finished = child.wait() == 0;
    check_consistent(copy);
  }
  CHECK(calls > 20);
}

TEST_CASE("whatever call fails in a prune, no commit is left that only looks complete") {
  const OstreeRepo made;
  add_history(made);
  bool failed = true;
  for (int calls = 0; failed; ++calls) {
    INFO("call " << calls << " failed");
    const Copy copy(made);
    {
      FailsAt observer(calls, EIO);
      const os::ObserverScope scope(observer);
      error_kind([&] {
        Repo repo = Repo::open(copy.path());
        prune(repo, newest_only());
      });
      failed = observer.has_failed();
    }
    check_consistent(copy);
  }
}

TEST_CASE("cancelling ends a prune between two steps") {
  const OstreeRepo made;
  commit_often(made, 3);
  Repo repo = made.open();
  const std::size_t before = count_objects(repo);
  const CancelSource cancel;
  cancel.cancel();
  PruneOptions options = newest_only();
  options.cancel = cancel.token();
  CHECK(error_kind([&] { prune(repo, options); }) == ErrorKind::Cancelled);
  CHECK(count_objects(repo) == before);
}

TEST_CASE("a commit that cannot be removed is marked partial, and the rest goes") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can make a directory that another user cannot write to");
    return;
  }
  const OstreeRepo made("bare-user-only");
  const std::vector<Checksum> commits = commit_often(made, 4);
  test::run_ok({"chown", "-R", "65534:65534", made.path()});
  test::run_ok({"chmod", "755", made / ".."});
  const std::string stuck_dir = made / ("objects/" + commits[0].hex().substr(0, 2));
  test::run_ok({"chown", "0:0", stuck_dir});
  test::Forked child([&] {
    if (!test::become_nobody()) return 1;
    Repo repo = Repo::open(made.path());
    const PruneReport report = prune(repo, newest_only());
    const bool told =
        !report.failures.empty() &&
        std::string(report.failures.joined("x").what()).find(commits[0].hex().substr(2)) !=
            std::string::npos;
    return told ? 0 : 2;
  });
  CHECK(child.wait() == 0);
  const Repo repo = made.open();
  CHECK(has_commit(repo, commits[0]));
  CHECK(commit_state(repo, commits[0]) == CommitState::Partial);
  for (const Checksum& other : {commits[1], commits[2]})  // may happen to be stuck there, too
    CHECK(has_commit(repo, other) == (layout::object_dir(other) == layout::object_dir(commits[0])));
  CHECK(has_commit(repo, commits[3]));
  CHECK(made.succeeds({"fsck", "-q"}));
}

TEST_CASE("detached metadata that lost its commit goes") {
  const OstreeRepo made;
  const Checksum commit = made.commit("main", "x", {"--add-detached-metadata-string=signed=by me"});
  Repo repo = made.open();
  CHECK(prune(repo, {}).objects_pruned == 0);
  CHECK(repo.has({commit, ObjectType::CommitMeta}));
  made.run({"refs", "--delete", "main"});
  repo.store().remove({commit, ObjectType::Commit});
  CHECK(prune(repo, {}).objects_pruned == 3);
  CHECK(count_objects(repo) == 0);
}

TEST_CASE("a directory of which nothing stays goes as a whole") {
  const OstreeRepo made;
  Repo repo = made.open();
  object::Commit commit = repo.load_commit(commit_often(made, 2).back());
  // Owner, group and umask decide where its metadata is.
  for (int number = 2; is_in_one_directory(commit); ++number)
    commit = repo.load_commit(made.commit("main", "content " + std::to_string(number)));
  const std::size_t before = count_objects(repo);
  const std::string shared = layout::object_dir(commit.root_meta);
  test::write_file(made / "objects/" + shared + "/README", "no object");
  made.run({"refs", "--delete", "main"});
  CHECK(prune(repo, newest_only()).objects_pruned == before);
  CHECK(count_objects(repo) == 0);
  CHECK_FALSE(os::exists({repo.store().dir(), layout::object_dir(commit.root_tree)}));
  CHECK(os::exists({repo.store().dir(), shared + "/README"}));

  SECTION("a transaction makes it again") {
    const OstreeRepo source;
    source.commit("main", "content");
    const Repo from = source.open();
    Transaction transaction(repo, {});
    from.store().for_each([&](const ObjectName& name) {
      CHECK(transaction.ingest().add_from(from.store(), name, Trust::Verify));
    });
    transaction.commit();
    CHECK(count_objects(repo) == count_objects(from));
  }
  SECTION("so does the real ostree") {
    made.commit("main", "content");
    CHECK(made.succeeds({"fsck", "-q"}));
  }
}

TEST_CASE("without locks directories stay, as somebody may add to them") {
  const OstreeRepo made;
  made.run({"config", "set", "core.locking", "false"});
  commit_often(made, 2);
  made.run({"refs", "--delete", "main"});
  Repo repo = made.open();
  const auto before = object_dirs(repo);
  CHECK(prune(repo, newest_only()).objects_pruned == 7);
  CHECK(count_objects(repo) == 0);
  CHECK(object_dirs(repo) == before);
}

TEST_CASE("a complete commit that lacks a tree stops a prune before it begins") {
  const OstreeRepo made;
  const Checksum broken = made.commit("broken", "x");
  commit_often(made, 3);
  Repo repo = made.open();
  repo.store().remove({repo.load_commit(broken).root_tree, ObjectType::DirTree});
  const std::size_t before = count_objects(repo);
  CHECK(error_kind([&] { prune(repo, newest_only()); }) == ErrorKind::NotFound);
  CHECK(count_objects(repo) == before);
}

TEST_CASE("trash takes names away at once and frees later") {
  const OstreeRepo made;
  const Repo repo = made.open();
  test::write_file(made / "file", "x");
  os::make_dirs({repo.dir(), "dir/inside"}, 0755);
  Trash trash(repo);
  CHECK(trash.take({repo.dir(), "file"}));
  CHECK(trash.take({repo.dir(), "dir"}));
  CHECK_FALSE(trash.take({repo.dir(), "nothing"}));
  CHECK_FALSE(os::exists({repo.dir(), "file"}));
  CHECK_FALSE(os::exists({repo.dir(), "dir"}));
  CHECK(left_in_tmp(repo).size() == 2);
  trash.empty();
  CHECK(left_in_tmp(repo).empty());
}

TEST_CASE("without a place for trash everything is deleted on the spot") {
  const OstreeRepo made;
  commit_often(made, 2);
  Repo repo = made.open();
  remove_tree({repo.dir(), "tmp"});
  Trash trash(repo);
  os::make_dirs({repo.dir(), "dir/inside"}, 0755);
  CHECK(trash.take({repo.dir(), "dir"}));
  CHECK_FALSE(os::exists({repo.dir(), "dir"}));
  trash.empty();
  CHECK(prune(repo, newest_only()).objects_pruned == 3);
  CHECK(count_objects(repo) == 4);
}

}  // namespace xylem::repo
