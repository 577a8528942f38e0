#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/sample.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::test;
using repo::Mode;
using repo::Repo;
using repo::Transaction;

namespace {

std::string shown(Mode mode) {
  return std::string(repo::config_name(mode));
}

/// As umask(2), undone at the end.
class Umask {
 public:
  explicit Umask(mode_t mask) : old_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(old_); }

 private:
  mode_t old_;
};

/// Puts the sample into a new repository of this mode, as a pull would.
void pull_with_xylem(const std::string& path, Mode mode) {
  Repo target = Repo::create(path, mode);
  const Repo source = sample_for(mode).open();
  Transaction transaction(target);
  fill(transaction, source);
  transaction.commit();
}

/// The same, from parts instead of archived bytes: what a commit does.
void write_parts_with_xylem(const std::string& path, Mode mode) {
  Repo target = Repo::create(path, mode);
  const Repo source = sample_for(mode).open();
  Transaction transaction(target);
  for (const object::ObjectName& name : objects_of(source)) {
    if (name.type != object::ObjectType::File) {
      transaction.ingest().write_metadata(name, stored_bytes(source.store(), name));
      continue;
    }
    repo::LoadedFile file = source.load_file(name.checksum);
    MemorySource nothing({});
    CHECK(transaction.ingest()
              .write_content(std::nullopt, file.header, file.size,
                             file.content ? *file.content : nothing)
              .checksum == name.checksum);
  }
  transaction.commit();
}

}  // namespace

TEST_CASE("every object that ostree wrote verifies, in each mode") {
  for (const Mode mode : writable_modes) {
    if (!can_write(mode)) continue;
    INFO(shown(mode));
    const TempDir dir;
    pull_with_ostree(dir / "repo", mode, sample_for(mode).path());
    const Repo repo = Repo::open(dir / "repo");
    CHECK(objects_of(repo) == objects_of(sample_for(mode).open()));
    for (const object::ObjectName& name : objects_of(repo))
      CHECK_NOTHROW(verify_object(repo.store(), name));
  }
}

TEST_CASE("objects read the same from every mode that keeps all metadata") {
  const Repo source = sample_for(Mode::Archive).open();
  for (const Mode mode : {Mode::Bare, Mode::BareUser}) {
    if (!can_write(mode)) continue;
    INFO(shown(mode));
    const TempDir dir;
    pull_with_ostree(dir / "repo", mode, source.path());
    const Repo repo = Repo::open(dir / "repo");
    for (const object::ObjectName& name : objects_of(source)) {
      if (name.type != object::ObjectType::File) continue;
      const auto expected = source.load_file(name.checksum);
      const auto actual = repo.load_file(name.checksum);
      CHECK(actual.header == expected.header);
      CHECK(actual.size == expected.size);
      CHECK((actual.content == nullptr) == (expected.content == nullptr));
    }
  }
}

TEST_CASE("what a transaction writes is on disk exactly what ostree writes") {
  for (const Mode mode : writable_modes) {
    if (!can_write(mode)) continue;
    INFO(shown(mode));
    const TempDir dir;
    pull_with_ostree(dir / "theirs", mode, sample_for(mode).path());
    pull_with_xylem(dir / "ours", mode);

    const auto ours = describe_objects(dir / "ours");
    CHECK(ours.size() > 15);
    CHECK(ours == describe_objects(dir / "theirs"));
    CHECK(ostree_accepts(dir / "ours"));
    CHECK(run_ok({"ostree", "rev-parse", "--repo=" + (dir / "ours"), sample_ref}) ==
          run_ok({"ostree", "rev-parse", "--repo=" + (dir / "theirs"), sample_ref}));
    CHECK(run_ok({"find", dir / "ours/tmp", "-name", "staging-*"}).empty());
  }
}

TEST_CASE("content written from its parts is what ostree writes") {
  for (const Mode mode : {Mode::Bare, Mode::BareUser, Mode::BareUserOnly}) {
    if (!can_write(mode)) continue;
    INFO(shown(mode));
    const TempDir dir;
    pull_with_ostree(dir / "theirs", mode, sample_for(mode).path());
    write_parts_with_xylem(dir / "ours", mode);
    CHECK(describe_objects(dir / "ours") == describe_objects(dir / "theirs"));
  }
}

TEST_CASE("an archive compresses content that comes in parts, and ostree reads it") {
  const TempDir dir;
  write_parts_with_xylem(dir / "ours", Mode::Archive);
  const Repo ours = Repo::open(dir / "ours");
  for (const object::ObjectName& name : objects_of(ours))
    CHECK_NOTHROW(verify_object(ours.store(), name));
  CHECK(ostree_accepts(dir / "ours"));
}

TEST_CASE("the umask does not change objects") {
  for (const Mode mode : writable_modes) {
    if (!can_write(mode)) continue;
    INFO(shown(mode));
    const TempDir dir;
    pull_with_ostree(dir / "theirs", mode, sample_for(mode).path());
    const Umask umask(077);
    pull_with_xylem(dir / "ours", mode);
    CHECK(describe_objects(dir / "ours") == describe_objects(dir / "theirs"));
  }
}

TEST_CASE("a bare-user-only repository refuses modes that it cannot keep") {
  const TempDir dir;
  Repo target = Repo::create(dir / "repo", Mode::BareUserOnly);
  Transaction transaction(target);
  object::FileHeader header;
  header.mode = S_IFREG | 04755;
  MemorySource content(as_bytes("x"));
  CHECK_THROWS_AS(transaction.ingest().write_content(std::nullopt, header, 1, content), Error);
}

TEST_CASE("asked for, modes beyond bare-user-only are refused everywhere") {
  const TempDir dir;
  Repo target = Repo::create(dir / "repo", Mode::Archive);
  repo::TransactionOptions options;
  options.require_bare_user_only_files = true;
  Transaction transaction(target, options);
  object::FileHeader header;
  header.mode = S_IFREG | 02755;
  MemorySource content(as_bytes("x"));
  CHECK_THROWS_AS(transaction.ingest().write_content(std::nullopt, header, 1, content), Error);
}
