// Transactions at the same time: what one has staged the others need not fetch, and nobody believes
// what has not been checked.

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/sample.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::Mode;
using repo::Repo;
using repo::Transaction;
using repo::TransactionOptions;

namespace {

const TransactionOptions sharing{.share_staging = true};

std::vector<ObjectName> files_of(const Repo& repo) {
  std::vector<ObjectName> files;
  for (const ObjectName& name : objects_of(repo))
    if (name.type == ObjectType::File) files.push_back(name);
  return files;
}

/// The one staging directory there is.
std::string staging_dir(const Repo& repo) {
  return staging_dirs(repo).at(0);
}

/// Changes one byte, with all that stat tells as before.
void damage(const PathAt& path) {
  const UniqueFd file = os::open(path, O_RDWR);
  Bytes byte(1);
  REQUIRE(::pread(file.get(), byte.data(), 1, 0) == 1);
  byte[0] = static_cast<std::uint8_t>(~byte[0]);
  os::write_all_at(file, byte, 0);
}

ObjectName largest_file(const Repo& repo) {
  const auto files = files_of(repo);
  return *std::ranges::max_element(files, {}, [&](const ObjectName& name) {
    return repo.store().stored_size(name).value_or(0);
  });
}

struct Fixture {
  TempDir dir;
  Repo target = Repo::create(dir / "repo", Mode::Archive);
  Repo source = sample_for(Mode::Archive).open();
};

}  // namespace

TEST_CASE_METHOD(Fixture, "What another transaction has staged is taken from it") {
  for (const Mode mode : writable_modes) {
    if (!can_write(mode)) continue;
    CAPTURE(repo::config_name(mode));
    Repo into = Repo::create(dir / std::string(repo::config_name(mode)), mode);
    const Repo from = sample_for(mode).open();
    Transaction first(into, sharing);
    CHECK_FALSE(first.has_peers());
    fill(first, from);
    Transaction second(into, sharing);
    CHECK(second.has_peers());
    for (const ObjectName& name : objects_of(from)) {
      if (name.type == ObjectType::CommitMeta) continue;
      CHECK(second.take_from_peers(name));
    }
    CHECK(second.settle().empty());
    second.commit();
    first.commit();
    CHECK(objects_of(into) == objects_of(from));
    CHECK(ostree_accepts(dir / std::string(repo::config_name(mode))));
  }
}

TEST_CASE_METHOD(Fixture, "Files are only borrowed, and published by their owner") {
  Transaction owner(target, sharing);
  fill(owner, source);
  Transaction borrower(target, sharing);
  for (const ObjectName& name : files_of(source)) REQUIRE(borrower.take_from_peers(name));
  owner.commit();
  CHECK(borrower.settle().empty());
  CHECK(borrower.commit().content_written == 0);
}

TEST_CASE_METHOD(Fixture, "A borrowed file that is lost is told, to be fetched again") {
  auto owner = std::make_unique<Transaction>(target, sharing);
  fill(*owner, source);
  Transaction borrower(target, sharing);
  const ObjectName file = largest_file(source);
  REQUIRE(borrower.take_from_peers(file));
  owner.reset();
  for (const DirEntry& entry : list_directory(target.tmp()))
    if (entry.type == DT_DIR) os::unlink(staged_path(target, entry.name, file));
  CHECK(borrower.settle() == std::vector{file.checksum});
  CHECK(borrower.settle().empty());
  borrower.commit();
  CHECK_FALSE(target.has(file));
}

TEST_CASE_METHOD(Fixture, "What the owner no longer vouches for is hashed") {
  auto owner = std::make_unique<Transaction>(target, sharing);
  fill(*owner, source);
  const ObjectName file = largest_file(source);
  damage(staged_path(target, staging_dir(target), file));
  // Keeps the next one from going on in the same directory.
  const repo::TmpDirLock lock = [&] {
    const std::string staging = staging_dir(target);
    owner.reset();
    return repo::TmpDirLock::try_acquire({target.tmp(), staging});
  }();
  Transaction second(target, sharing);
  CHECK_FALSE(second.take_from_peers(file));
  for (const ObjectName& name : files_of(source))
    if (name != file) CHECK(second.take_from_peers(name));
  second.commit();
  CHECK(objects_of(target).size() == files_of(source).size() - 1);
  CHECK(ostree_accepts(dir / "repo"));
}

TEST_CASE_METHOD(Fixture, "A transaction that stages unchecked bytes does not vouch for them") {
  Transaction careless(target, sharing);
  const ObjectName file = largest_file(source);
  Bytes bytes = stored_bytes(source.store(), file);
  bytes.back() = static_cast<std::uint8_t>(~bytes.back());
  careless.ingest().add_unchecked_filez(file.checksum, bytes);
  Transaction second(target, sharing);
  CHECK_FALSE(second.take_from_peers(file));
}

TEST_CASE_METHOD(Fixture, "Left-overs of another boot are used, hashed, and then removed") {
  const ObjectName bad = largest_file(source);
  REQUIRE(::setenv("OSTREE_BOOTID", "00000000-0000-0000-0000-000000000001", 1) == 0);
  {
    Transaction before(target);
    fill(before, source);
  }
  damage(staged_path(target, staging_dir(target), bad));
  REQUIRE(::unsetenv("OSTREE_BOOTID") == 0);

  Transaction after(target, sharing);
  CHECK(after.has_peers());
  CHECK_FALSE(after.take_from_peers(bad));
  for (const ObjectName& name : files_of(source))
    if (name != bad) CHECK(after.take_from_peers(name));
  after.commit();
  auto expected = objects_of(source);
  expected.erase(bad);
  std::erase_if(expected, [](const ObjectName& name) { return name.type == ObjectType::Commit; });
  CHECK(objects_of(target) == expected);
  CHECK_THROWS(staging_dir(target));
}
