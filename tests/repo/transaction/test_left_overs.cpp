// What a transaction makes of objects that an earlier one staged and did not publish.

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/sample.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::Mode;
using repo::Repo;
using repo::Transaction;

namespace {

repo::LooseStore staged_store(const Repo& repo, UniqueFd& dir) {
  dir = os::open_dir({repo.tmp(), staging_dirs(repo).at(0)});
  return {dir, repo.mode()};
}

/// A repository with the whole sample staged, as a pull leaves it that is cut off just before its
/// commit.
struct LeftOver : NewRepo {
  LeftOver() {
    Transaction transaction(target);
    fill(transaction, source);
  }
  const Repo source = sample_for(Mode::BareUser).open();
};

}  // namespace

TEST_CASE_METHOD(LeftOver, "without commit nothing is published, and all stays staged") {
  CHECK(objects_of(target).empty());
  CHECK_FALSE(repo::find_ref(target, main_ref));
  CHECK(staging_dirs(target).size() == 1);
  CHECK(ostree_accepts(dir / "repo"));
}

TEST_CASE_METHOD(LeftOver, "the next transaction adopts what it asks for") {
  Transaction transaction(target);
  for (const ObjectName& name : objects_of(source)) CHECK(transaction.has(name));
  transaction.set_ref(main_ref, sample_commit());
  const auto stats = transaction.commit();
  CHECK(stats.adopted == objects_of(source).size());
  CHECK(stats.content_written == 0);
  CHECK(objects_of(target) == objects_of(source));
  CHECK(ostree_accepts(dir / "repo"));
  CHECK(staging_dirs(target).empty());
}

TEST_CASE_METHOD(LeftOver, "what nobody asks for goes along, but for the commit") {
  {
    Transaction transaction(target);
    const auto stats = transaction.commit();
    CHECK(stats.adopted == 0);
    CHECK(stats.content_written == 0);
  }
  std::set<ObjectName> expected = objects_of(source);
  expected.erase({sample_commit(), ObjectType::Commit});
  CHECK(objects_of(target) == expected);
  CHECK(staging_dirs(target).empty());
  CHECK(ostree_accepts(dir / "repo"));
}

TEST_CASE_METHOD(LeftOver, "damaged left-overs of others are not published, and do not stay") {
  UniqueFd staging;
  const repo::LooseStore store = staged_store(target, staging);
  for (const ObjectName& name : objects_of(source)) {
    const UniqueFd file = os::open(store.path(name), O_RDWR);
    const bool small = os::stat(file).st_size <= 1;
    os::truncate(file, small ? 2 : 1);
  }
  Transaction transaction(target);
  transaction.commit();
  CHECK(objects_of(target).empty());
  CHECK(staging_dirs(target).empty());
}

TEST_CASE("the left-overs of several transactions go with the first that ends well") {
  NewRepo repo;
  const Repo source = sample_for(Mode::BareUser).open();
  {
    Transaction first(repo.target);
    Transaction second(repo.target);
    fill(first, source);
    fill(second, source);
  }
  CHECK(staging_dirs(repo.target).size() == 2);
  const bool share_staging = GENERATE(false, true);
  Transaction transaction(repo.target, {.share_staging = share_staging});
  transaction.commit();
  CHECK(staging_dirs(repo.target).empty());
  CHECK(objects_of(repo.target).size() == objects_of(source).size() - 1);
}

TEST_CASE_METHOD(LeftOver, "a damaged left-over is found, removed, and written anew") {
  UniqueFd staging;
  const repo::LooseStore store = staged_store(target, staging);
  std::set<ObjectName> bad;
  for (const ObjectName& name : objects_of(source)) {
    if (name.type == ObjectType::File && source.load_file(name.checksum).header.is_symlink())
      continue;
    os::write_all(os::open(store.path(name), O_WRONLY | O_APPEND), as_bytes("?"));
    bad.insert(name);
  }

  Transaction transaction(target);
  for (const ObjectName& name : objects_of(source)) {
    INFO(name.text());
    CHECK(transaction.has(name) == !bad.contains(name));
    CHECK(os::exists(store.path(name)) == !bad.contains(name));
  }
  fill(transaction, source);
  transaction.commit();
  CHECK(objects_of(target) == objects_of(source));
  CHECK(ostree_accepts(dir / "repo"));
}

TEST_CASE_METHOD(LeftOver, "what only has the name of an object is no left-over") {
  UniqueFd staging;
  const repo::LooseStore store = staged_store(target, staging);
  const ObjectName link{sample_commit(), ObjectType::Commit};
  store.remove(link);
  os::symlink("/etc/passwd", store.path(link));
  const ObjectName directory{sample_commit(), ObjectType::DirTree};
  os::make_dir(store.path(directory), 0755);
  Transaction transaction(target);
  CHECK_FALSE(transaction.try_load_metadata(link));
  CHECK_FALSE(transaction.has(directory));
  CHECK_FALSE(os::exists(store.path(link)));
  CHECK_FALSE(os::exists(store.path(directory)));
}

TEST_CASE_METHOD(LeftOver,
                 "a damaged left-over that nobody asked about gives way to a good object") {
  UniqueFd staging;
  const repo::LooseStore store = staged_store(target, staging);
  for (const ObjectName& name : objects_of(source)) {
    const UniqueFd file = os::open(store.path(name), O_RDWR);
    const bool small = os::stat(file).st_size <= 1;
    os::truncate(file, small ? 2 : 1);
  }
  Transaction transaction(target);
  fill(transaction, source);
  transaction.commit();
  CHECK(ostree_accepts(dir / "repo"));
}

TEST_CASE_METHOD(LeftOver,
                 "ostree can go on with what a transaction left, and the other way round") {
  const std::string staging = staging_dirs(target).at(0);
  run_ok({"ostree", "pull-local", "--repo=" + (dir / "repo"), sample_for(Mode::BareUser).path(),
          sample_ref});
  CHECK(staging_dirs(target).empty());
  CHECK(objects_of(target) == objects_of(source));
  CHECK(ostree_accepts(dir / "repo"));

  // Its directory, its lock: what ostree would have left when it was killed.
  Repo other = Repo::create(dir / "other", Mode::BareUser);
  run_ok({"cp", "-a", dir / "repo/objects", dir / "other/tmp/" + staging});
  Transaction transaction(other);
  for (const ObjectName& name : objects_of(target)) CHECK(transaction.has(name));
  transaction.commit();
  CHECK(objects_of(other) == objects_of(target));
  CHECK(staging_dirs(other).empty());
}

TEST_CASE_METHOD(LeftOver, "temporary files of an earlier transaction go away") {
  const std::string staging = dir / "repo/tmp/" + staging_dirs(target).at(0);
  write_file(staging + "/tmp.0", "half an object");
  Transaction transaction(target);
  fill(transaction, source);
  transaction.commit();
  CHECK(staging_dirs(target).empty());
}
