// What another user owns, or can write to, is never linked into a repository, whoever renames and
// rewrites what meanwhile. Real users: root and nobody.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/forked.hpp"
#include "repo/sample.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::Mode;
using repo::Repo;
using repo::Transaction;
using repo::Trust;

namespace {

constexpr uid_t nobody = 65534;

bool is_root() {
  if (::geteuid() == 0) return true;
  WARN("skipped: needs root, to be two users");
  return false;
}

struct stat info_of(const Repo& repo, const ObjectName& name) {
  return os::try_stat(repo.store().path(name)).value();
}

/// Content whose owner is root in all modes.
bool is_plain_content(const Repo& repo, const ObjectName& name) {
  return name.type == ObjectType::File && S_ISREG(info_of(repo, name).st_mode) &&
         info_of(repo, name).st_uid == 0;
}

/// Shares no inode with the sample, which others use.
Repo make_source(const TempDir& dir, Mode mode) {
  run_ok({"cp", "-a", sample_for(mode).path(), dir / "origin"});
  pull_with_ostree(dir / "source", mode, dir / "origin");
  return Repo::open(dir / "source");
}

/// A repository of root, to be handed to a stranger.
struct Handed {
  explicit Handed(Mode mode) : source(make_source(dir, mode)) {}

  TempDir dir;
  Repo source;
};

Repo import_all(const Repo& source, const std::string& path, Trust trust) {
  Repo target = Repo::create(path, source.mode());
  Transaction transaction(target);
  for (const ObjectName& name : objects_of(source))
    CHECK(transaction.ingest().add_from(source.store(), name, trust));
  transaction.commit();
  return target;
}

}  // namespace

TEST_CASE("objects of another user are copied, in every mode, however trusted") {
  if (!is_root()) return;
  for (const Mode mode : writable_modes) {
    for (const Trust trust : {Trust::Verify, Trust::Vouched, Trust::Trusted}) {
      INFO(repo::config_name(mode) << ", " << static_cast<int>(trust));
      const Handed handed(mode);
      std::set<ObjectName> theirs;
      for (const ObjectName& name : objects_of(handed.source)) {
        // The owner of a bare file is a part of its checksum.
        if (mode == Mode::Bare && name.type == ObjectType::File) continue;
        os::set_owner(handed.source.store().path(name), nobody, nobody);
        theirs.insert(name);
      }
      const Repo target = import_all(handed.source, handed.dir / "target", trust);
      for (const ObjectName& name : theirs) {
        CHECK(info_of(target, name).st_uid == 0);
        CHECK(info_of(target, name).st_ino != info_of(handed.source, name).st_ino);
      }
      CHECK(ostree_accepts(target.path()));
    }
  }
}

TEST_CASE("objects that others may write to are copied, and the copies are not so") {
  if (!is_root()) return;
  for (const Mode mode : {Mode::Archive, Mode::BareUser}) {
    INFO(repo::config_name(mode));
    const Handed handed(mode);
    for (const ObjectName& name : objects_of(handed.source)) {
      const UniqueFd fd = os::open(handed.source.store().path(name), O_RDONLY | O_NOFOLLOW);
      os::set_mode(fd, 0666);
    }
    const Repo target = import_all(handed.source, handed.dir / "target", Trust::Verify);
    for (const ObjectName& name : objects_of(target)) {
      CHECK((info_of(target, name).st_mode & S_IWOTH) == 0);
      CHECK(info_of(target, name).st_ino != info_of(handed.source, name).st_ino);
    }
    CHECK(ostree_accepts(target.path()));
  }
}

namespace {

/// What the stranger does all the time, until killed: he renames a good file of his and a bad one
/// to the name of the object, and rewrites both.
[[noreturn]] void disturb(FileDescriptor dir, const std::string& leaf, const Bytes& good) {
  Bytes bad = good;
  bad.back() ^= 0x01;
  for (unsigned round = 0;; ++round) {
    const bool is_good = round % 2 == 0;
    const UniqueFd file = os::open({dir, "next"}, O_RDWR | O_CREAT | O_TRUNC, 0644);
    os::write_all(file, is_good ? good : bad);
    os::rename({dir, "next"}, {dir, leaf});
    os::write_all_at(file, is_good ? bad : good, 0);
    // Root's own file, which can be linked, between the two.
    os::unlink({dir, leaf});
    os::link({dir, "of-root"}, {dir, leaf});
  }
}

struct Rounds {
  int taken = 0;
  int refused = 0;
  int linked = 0;
};

/// scripts/stress.sh races for longer.
int rounds_of_race() {
  const char* wanted = std::getenv("XYLEM_RACE_ROUNDS");
  return wanted != nullptr ? std::atoi(wanted) : 1000;
}

/// Takes the object again and again, each time into a repository that does not have it.
Rounds take_often(const Repo& source, Repo& target, const ObjectName& name, int rounds) {
  Rounds result;
  for (int round = 0; round < rounds; ++round) {
    Transaction transaction(target);
    try {
      if (!transaction.ingest().add_from(source.store(), name, Trust::Verify)) continue;
    } catch (const Error& error) {
      REQUIRE(error.kind() == ErrorKind::Corrupt);
      ++result.refused;
      continue;
    }
    transaction.commit();
    const struct stat info = info_of(target, name);
    REQUIRE(info.st_uid == 0);
    REQUIRE((info.st_mode & 022) == 0);
    verify_object(target.store(), name);
    ++result.taken;
    if (info.st_nlink > 1) ++result.linked;
    target.store().remove(name);
  }
  return result;
}

}  // namespace

TEST_CASE("renaming and rewriting between check and use wins nothing, however often") {
  if (!is_root()) return;
  const Handed handed(Mode::Archive);
  Repo target = Repo::create(handed.dir / "target", Mode::Archive);
  target.edit_config([](repo::KeyFile& config) { config.set("core", "fsync", "false"); });
  ObjectName name;
  for (const ObjectName& each : objects_of(handed.source))
    if (is_plain_content(handed.source, each) && info_of(handed.source, each).st_size > 100 &&
        info_of(handed.source, each).st_size < 100'000)
      name = each;
  REQUIRE(handed.source.has(name));
  const Bytes good = stored_bytes(handed.source.store(), name);
  const PathAt path = handed.source.store().path(name);
  const UniqueFd objects = os::open_dir({path.dir, path.name.substr(0, 2)});
  const std::string leaf = path.name.substr(3);
  REQUIRE(os::link(path, {objects, "of-root"}));
  os::set_mode(objects, 0777);
  os::set_mode(handed.dir.fd(), 0755);
  // He may link to root's file only if the kernel does not protect such.
  Forked stranger([&] {
    if (!become_nobody()) return 1;
    for (;;) {
      try {
        disturb(objects, leaf, good);
      } catch (const Error&) {
        continue;  // a link that was refused
      }
    }
  });
  const Rounds rounds = take_often(handed.source, target, name, rounds_of_race());
  stranger.kill();
  INFO(rounds.taken << " taken, " << rounds.refused << " refused, " << rounds.linked << " linked");
  CHECK(rounds.taken > 0);
}
