#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "object/commit.hpp"
#include "object/variant/variant.hpp"
#include "repo/forked.hpp"
#include "repo/partial.hpp"
#include "repo/sample.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::FsyncMode;
using repo::Mode;
using repo::Repo;
using repo::Transaction;
using repo::TransactionOptions;

namespace {

Bytes some_metadata(const std::string& text) {
  return object::serialize_dict_object(object::DictBuilder().set("note", text).build());
}

}  // namespace

TEST_CASE_METHOD(NewRepo, "a transaction that does nothing leaves nothing") {
  { Transaction transaction(target); }
  { Transaction(target).commit(); }
  CHECK(staging_dirs(target).empty());
}

TEST_CASE("what a parent repository has is there, and is read from it") {
  const TempDir dir;
  pull_with_ostree(dir / "parent", Mode::BareUser, sample_for(Mode::BareUser).path());
  {
    Repo child = Repo::create(dir / "child", Mode::BareUser);
    child.edit_config([&](repo::KeyFile& config) { config.set("core", "parent", dir / "parent"); });
  }
  Repo child = Repo::open(dir / "child");
  Transaction transaction(child);
  const ObjectName commit{sample_commit(), ObjectType::Commit};
  for (const ObjectName& name : objects_of(Repo::open(dir / "parent")))
    CHECK(transaction.has(name));
  CHECK(transaction.try_load_metadata(commit));
  CHECK(transaction.stored_size(commit) == transaction.try_load_metadata(commit)->size());
  transaction.commit();
  CHECK(objects_of(child).empty());
}

TEST_CASE_METHOD(NewRepo, "published objects stay as they are, detached metadata is replaced") {
  const Repo source = sample_for(Mode::BareUser).open();
  const Checksum commit = sample_commit();
  const ObjectName meta{commit, ObjectType::CommitMeta};
  const auto publish = [&](const std::string& note) {
    Transaction transaction(target);
    fill(transaction, source);
    transaction.ingest().write_commitmeta(commit, some_metadata(note));
    transaction.commit();
  };
  publish("one");
  const auto before = describe_objects(dir / "repo");
  const ino_t inode =
      os::try_stat(target.store().path({commit, ObjectType::Commit})).value().st_ino;
  publish("two");
  CHECK(os::try_stat(target.store().path({commit, ObjectType::Commit}))->st_ino == inode);
  CHECK(stored_bytes(target.store(), meta) == some_metadata("two"));
  CHECK(describe_objects(dir / "repo").size() == before.size());

  Transaction transaction(target);
  transaction.ingest().write_commitmeta(commit, {});
  CHECK(target.store().has(meta));
  transaction.commit();
  CHECK_FALSE(target.store().has(meta));
}

TEST_CASE_METHOD(NewRepo, "staged detached metadata is what a transaction reads") {
  Transaction transaction(target);
  const ObjectName name{sample_commit(), ObjectType::CommitMeta};
  transaction.ingest().write_commitmeta(name.checksum, some_metadata("one"));
  transaction.ingest().write_commitmeta(name.checksum, some_metadata("two"));
  CHECK(transaction.try_load_metadata(name) == some_metadata("two"));
}

TEST_CASE_METHOD(NewRepo, "a commit that comes back loses its tombstone") {
  const ObjectName tombstone{sample_commit(), ObjectType::TombstoneCommit};
  {
    Transaction transaction(target);
    transaction.ingest().write_metadata(tombstone, object::serialize_tombstone(tombstone.checksum));
    transaction.commit();
  }
  CHECK(target.store().has(tombstone));
  Transaction transaction(target);
  fill(transaction, sample_for(Mode::BareUser).open());
  transaction.commit();
  CHECK_FALSE(target.store().has(tombstone));
}

TEST_CASE("metadata is checked before it is stored") {
  const TempDir dir;
  Repo target = Repo::create(dir / "repo", Mode::Archive);
  const Repo source = sample_for(Mode::Archive).open();
  Transaction transaction(target);
  for (const ObjectName& name : objects_of(source)) {
    if (name.type == ObjectType::File) continue;
    Bytes bytes = stored_bytes(source.store(), name);
    bytes.front() ^= 0x40;
    CHECK(error_kind([&] { transaction.ingest().write_metadata(name, bytes); }) ==
          ErrorKind::Corrupt);
  }
  transaction.commit();
  CHECK(objects_of(target).empty());
}

TEST_CASE_METHOD(NewRepo, "a partial commit is marked at once, and unmarked last") {
  const Checksum commit = sample_commit();
  {
    Transaction transaction(target);
    transaction.mark_partial(commit);
    fill(transaction, sample_for(Mode::BareUser).open());
    CHECK(repo::list_partial(target) == std::vector{commit});
  }
  CHECK(repo::list_partial(target) == std::vector{commit});
  Transaction transaction(target);
  fill(transaction, sample_for(Mode::BareUser).open());
  transaction.mark_complete_on_commit(commit);
  CHECK(repo::list_partial(target) == std::vector{commit});
  transaction.commit();
  CHECK(repo::list_partial(target).empty());
  CHECK(repo::commit_state(target, commit) == repo::CommitState::Complete);
}

TEST_CASE("each way of flushing gives the same repository") {
  for (const FsyncMode fsync : {FsyncMode::Normal, FsyncMode::PerObject, FsyncMode::Off}) {
    const TempDir dir;
    Repo target = Repo::create(dir / "repo", Mode::BareUser);
    TransactionOptions options;
    options.fsync = fsync;
    {
      Transaction transaction(target, options);
      fill(transaction, sample_for(Mode::BareUser).open());
      CHECK(objects_of(target).empty());
      transaction.commit();
    }
    CHECK(ostree_accepts(dir / "repo"));
  }
}

TEST_CASE_METHOD(NewRepo, "a committed transaction cannot be committed again") {
  Transaction transaction(target);
  transaction.commit();
  CHECK(error_kind([&] { transaction.commit(); }) == ErrorKind::InvalidArgument);
}

TEST_CASE_METHOD(NewRepo, "a cancelled transaction writes and publishes nothing") {
  const CancelSource cancel;
  Transaction transaction(target, {}, cancel.token());
  cancel.cancel();
  CHECK(error_kind([&] { fill(transaction, sample_for(Mode::BareUser).open()); }) ==
        ErrorKind::Cancelled);
  CHECK(error_kind([&] { transaction.commit(); }) == ErrorKind::Cancelled);
  CHECK(objects_of(target).empty());
}

TEST_CASE("a repository that may not be written to says so") {
  const TempDir dir;
  const std::string path = dir / "repo";
  { Repo::create(path, Mode::BareUser); }
  run_ok({"chmod", "-R", "a+rX,a-w", dir.path()});
  constexpr uid_t nobody = 65534;
  const int status = run_child([&] {
    if (::geteuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0) return 1;
    Repo target = Repo::open(path);
    const auto kind = error_kind([&] { Transaction transaction(target); });
    return kind == ErrorKind::Io ? 0 : 2;
  });
  CHECK(status == 0);
  run_ok({"chmod", "-R", "u+w", dir.path()});  // so that it can be removed
}

TEST_CASE("a bare repository without root says what to do") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can step down to a user");
    return;
  }
  const TempDir dir;
  constexpr uid_t nobody = 65534;
  if (::chown(dir.path().c_str(), nobody, nobody) != 0) FAIL("cannot give the directory away");
  const int status = run_child([&] {
    if (::setresuid(nobody, nobody, nobody) != 0) return 1;
    Repo target = Repo::create(dir / "repo", Mode::Bare);
    set_reserve(target, "0");  // a user has less space than root, perhaps none
    Transaction transaction(target);
    object::FileHeader header;
    header.mode = S_IFREG | 0644;
    MemorySource content(as_bytes("x"));
    try {
      transaction.ingest().write_content(std::nullopt, header, 1, content);
    } catch (const Error& error) {
      return error.kind() == ErrorKind::Unsupported && !error.details().hint.empty() ? 0 : 2;
    }
    return 3;
  });
  CHECK(status == 0);
}

TEST_CASE("a mode that can only be read is refused at once") {
  const TempDir dir;
  Repo target = Repo::create(dir / "repo", Mode::BareSplitXattrs);
  CHECK(error_kind([&] { Transaction transaction(target); }) == ErrorKind::Unsupported);
  CHECK(staging_dirs(target).empty());
}
