#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>

#include "base/os/os.hpp"
#include "repo/ingest/content_format.hpp"
#include "repo/memory_mount.hpp"
#include "repo/sample.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::ImportWay;
using repo::Mode;
using repo::Repo;
using repo::Transaction;
using repo::Trust;

namespace {

void import_all(const Repo& source, Repo& target, Trust trust) {
  Transaction transaction(target);
  for (const ObjectName& name : objects_of(source))
    CHECK(transaction.ingest().add_from(source.store(), name, trust));
  transaction.set_ref(main_ref, repo::find_ref(source, main_ref));
  transaction.commit();
}

/// The sample that both modes can hold.
const SampleRepo& sample_for_pair(Mode from, Mode to) {
  const bool plain = from == Mode::BareUserOnly || to == Mode::BareUserOnly;
  return sample_for(plain ? Mode::BareUserOnly : Mode::Archive);
}

ObjectName first_of(const Repo& repo, ObjectType type) {
  for (const ObjectName& name : objects_of(repo))
    if (name.type == type) return name;
  throw std::runtime_error("no such object in the sample");
}

ino_t inode(const Repo& repo, const ObjectName& name) {
  return os::try_stat(repo.store().path(name)).value().st_ino;
}

/// A regular file with content of some size.
ObjectName large_file(const Repo& repo) {
  for (const ObjectName& name : objects_of(repo))
    if (name.type == ObjectType::File && repo.load_file(name.checksum).size > 1'000'000)
      return name;
  throw std::runtime_error("no large file in the sample");
}

/// In a copy of its own: the object may be a hard link to the sample.
void flip_last_byte(const Repo& repo, const ObjectName& name) {
  const std::string path = os::path_of(repo.store().path(name));
  run_ok({"cp", "-a", path, path + ".copy"});
  run_ok({"mv", path + ".copy", path});
  const UniqueFd fd = os::open(repo.store().path(name), O_RDWR);
  const auto end = static_cast<std::uint64_t>(os::stat(fd).st_size) - 1;
  Bytes byte(1);
  os::read_at(fd, byte, end);
  byte[0] ^= 0x01;
  os::write_all_at(fd, byte, end);
}

/// What is done with a source, its path, and a path on another file system for a repository.
using Check = std::function<void(const Repo&, const std::string&, const std::string&)>;

/// Runs `check` with a source of each mode whose files can be copied as they are.
void on_another_file_system(const Check& check) {
  const TempDir dir;
  const MemoryMount mount(dir / "memory", "64m");
  if (!mount.mounted()) {
    WARN("skipped: only root can mount a file system");
    return;
  }
  for (const Mode mode : {Mode::Archive, Mode::BareUserOnly}) {
    INFO(repo::config_name(mode));
    const std::string source_path = dir / std::string(config_name(mode));
    pull_with_ostree(source_path, mode, sample_for(mode).path());
    check(Repo::open(source_path), source_path, dir / "memory/target");
  }
}

}  // namespace

TEST_CASE("importing between any two modes gives what ostree pull-local gives") {
  for (const Mode from : writable_modes) {
    for (const Mode to : writable_modes) {
      if (!can_write(from) || !can_write(to)) continue;
      INFO(repo::config_name(from) << " to " << repo::config_name(to));
      const TempDir dir;
      const std::string origin = sample_for_pair(from, to).path();
      pull_with_ostree(dir / "source", from, origin);
      pull_with_ostree(dir / "theirs", to, dir / "source");
      const Repo source = Repo::open(dir / "source");
      for (const Trust trust : {Trust::Verify, Trust::Trusted}) {
        const std::string path = dir / (trust == Trust::Verify ? "verified" : "trusted");
        Repo target = Repo::create(path, to);
        import_all(source, target, trust);
        if (to == Mode::Archive)  // compressors may differ
          CHECK(objects_of(target) == objects_of(source));
        else
          CHECK(describe_objects(path) == describe_objects(dir / "theirs"));
        for (const ObjectName& name : objects_of(target))
          CHECK_NOTHROW(verify_object(target.store(), name));
        CHECK(ostree_accepts(path));
      }
    }
  }
}

TEST_CASE("the same mode on the same file system shares the file that only we can change") {
  for (const Mode mode : writable_modes) {
    if (!can_write(mode)) continue;
    INFO(repo::config_name(mode));
    const TempDir dir;
    pull_with_ostree(dir / "source", mode, sample_for(mode).path());
    const Repo source = Repo::open(dir / "source");
    Repo target = Repo::create(dir / "target", mode);
    import_all(source, target, Trust::Verify);
    for (const ObjectName& name : objects_of(source)) {
      const auto info = os::try_stat(source.store().path(name)).value();
      const bool ours = S_ISREG(info.st_mode) && info.st_uid == ::geteuid();
      CHECK((inode(target, name) == inode(source, name)) == ours);
    }
  }
}

TEST_CASE("how content is imported depends on both modes and on the file") {
  object::FileHeader plain;
  plain.mode = S_IFREG | 0644;
  object::FileHeader owned = plain;
  owned.uid = 1000;
  object::FileHeader unreadable = plain;
  unreadable.mode = S_IFREG | 0040;
  object::FileHeader symlink;
  symlink.mode = S_IFLNK | 0777;
  symlink.symlink_target = "x";

  struct Case {
    Mode from, to;
    const object::FileHeader& header;
    ImportWay way;
  };
  const Case cases[] = {
      {Mode::Archive, Mode::Archive, plain, ImportWay::Link},
      {Mode::BareUser, Mode::BareUser, symlink, ImportWay::Link},
      {Mode::BareUser, Mode::BareUserOnly, plain, ImportWay::Link},
      {Mode::BareUser, Mode::BareUserOnly, owned, ImportWay::Copy},
      {Mode::BareUser, Mode::BareUserOnly, unreadable, ImportWay::Copy},
      {Mode::BareUser, Mode::BareUserOnly, symlink, ImportWay::Reencode},
      {Mode::BareUserOnly, Mode::BareUser, plain, ImportWay::Copy},
      {Mode::Bare, Mode::BareUser, plain, ImportWay::Copy},
      {Mode::Bare, Mode::BareUser, symlink, ImportWay::Reencode},
      {Mode::BareSplitXattrs, Mode::Bare, plain, ImportWay::Copy},
      {Mode::Archive, Mode::Bare, plain, ImportWay::Reencode},
      {Mode::Bare, Mode::Archive, plain, ImportWay::Reencode},
  };
  for (const Case& c : cases) {
    INFO(repo::config_name(c.from)
         << " to " << repo::config_name(c.to) << " mode " << c.header.mode);
    CHECK(content_import_way(c.from, c.to, c.header) == c.way);
  }
}

TEST_CASE("a damaged source object is refused, and nothing is stored") {
  for (const Mode from : writable_modes) {
    if (!can_write(from)) continue;
    const TempDir dir;
    pull_with_ostree(dir / "source", from, sample_for(from).path());
    const Repo source = Repo::open(dir / "source");
    const ObjectName file = large_file(source);
    const ObjectName tree = first_of(source, ObjectType::DirTree);
    flip_last_byte(source, file);
    flip_last_byte(source, tree);
    for (const Mode to : {from, Mode::BareUser, Mode::Archive}) {
      INFO(repo::config_name(from) << " to " << repo::config_name(to));
      Repo target = Repo::create(dir / std::string("to-") + std::string(config_name(to)), to);
      Transaction transaction(target);
      for (const ObjectName& name : {file, tree})
        CHECK(error_kind([&] {
                transaction.ingest().add_from(source.store(), name, Trust::Verify);
              }) == ErrorKind::Corrupt);
      transaction.commit();
      CHECK(objects_of(target).empty());
    }
  }
}

TEST_CASE("importing what the source lacks says so") {
  const TempDir dir;
  const Repo source = sample_for(Mode::Archive).open();
  for (const Mode to : {Mode::Archive, Mode::BareUser}) {
    Repo target = Repo::create(dir / std::string(config_name(to)), to);
    Transaction transaction(target);
    for (const Trust trust : {Trust::Verify, Trust::Trusted}) {
      CHECK_FALSE(
          transaction.ingest().add_from(source.store(), {Checksum(), ObjectType::File}, trust));
      CHECK_FALSE(
          transaction.ingest().add_from(source.store(), {Checksum(), ObjectType::DirTree}, trust));
    }
  }
}

TEST_CASE("objects are copied as they are to another file system") {
  on_another_file_system(
      [](const Repo& source, const std::string& source_path, const std::string& path) {
        for (const Trust trust : {Trust::Verify, Trust::Trusted}) {
          Repo target = Repo::create(path, source.mode());
          import_all(source, target, trust);
          CHECK(describe_objects(path) == describe_objects(source_path));
          CHECK(ostree_accepts(path));
          run_ok({"rm", "-rf", path});
        }
      });
}

TEST_CASE("a damaged object is not copied to another file system") {
  on_another_file_system([](const Repo& source, const std::string&, const std::string& path) {
    const ObjectName file = large_file(source);
    flip_last_byte(source, file);
    Repo target = Repo::create(path, source.mode());
    Transaction transaction(target);
    CHECK(error_kind([&] { transaction.ingest().add_from(source.store(), file, Trust::Verify); }) ==
          ErrorKind::Corrupt);
    transaction.commit();
    CHECK(objects_of(target).empty());
    run_ok({"rm", "-rf", path});
  });
}
