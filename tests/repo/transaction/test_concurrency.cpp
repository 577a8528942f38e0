#include <signal.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <thread>

#include "base/os/os.hpp"
#include "repo/forked.hpp"
#include "repo/sample.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::Mode;
using repo::Repo;
using repo::Transaction;

namespace {

void pull(const std::string& path, Mode mode) {
  Repo target = Repo::open(path);
  const Repo source = sample_for(mode).open();
  Transaction transaction(target);
  fill(transaction, source);
  transaction.commit();
}

void check_complete(const std::string& path, Mode mode) {
  const Repo target = Repo::open(path);
  CHECK(objects_of(target) == objects_of(sample_for(mode).open()));
  CHECK(ostree_accepts(path));
}

/// Writes the sample's objects into one transaction, every one of them from each thread.
void write_all(Transaction& transaction, const Repo& source) {
  for (const ObjectName& name : objects_of(source)) {
    const Bytes bytes = stored_bytes(source.store(), name);
    if (name.type == ObjectType::File)
      transaction.ingest().add_filez(name.checksum, bytes);
    else if (!transaction.has(name))
      transaction.ingest().write_metadata(name, bytes);
  }
}

}  // namespace

TEST_CASE("threads may share a transaction") {
  for (const Mode mode : {Mode::Archive, Mode::BareUser, Mode::BareUserOnly}) {
    const TempDir dir;
    Repo target = Repo::create(dir / "repo", mode);
    const Repo source = sample_for(mode).open();
    Transaction transaction(target);
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < 4; ++i) threads.emplace_back([&] { write_all(transaction, source); });
    }
    const auto stats = transaction.commit();
    CHECK(stats.content_written + stats.metadata_written == objects_of(source).size());
    check_complete(dir / "repo", mode);
  }
}

TEST_CASE_METHOD(NewRepo, "threads may ask about the same left-overs, good and bad") {
  const Repo source = sample_for(Mode::BareUser).open();
  {
    Transaction transaction(target);
    write_all(transaction, source);
  }
  for (const std::string& staging : staging_dirs(target)) {
    bool damage = false;
    for (const ObjectName& name : objects_of(source))
      if ((damage = !damage)) os::truncate(os::open(staged_path(target, staging, name), O_RDWR), 0);
  }

  Transaction transaction(target);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (const ObjectName& name : objects_of(source))
          if (!transaction.has(name)) {
            const Bytes bytes = stored_bytes(source.store(), name);
            if (name.type == ObjectType::File)
              transaction.ingest().add_filez(name.checksum, bytes);
            else
              transaction.ingest().write_metadata(name, bytes);
          }
      });
  }
  transaction.commit();
  check_complete(dir / "repo", Mode::BareUser);
}

TEST_CASE("transactions of one process do not disturb each other") {
  const TempDir dir;
  { Repo::create(dir / "repo", Mode::BareUser); }
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { pull(dir / "repo", Mode::BareUser); });
  }
  check_complete(dir / "repo", Mode::BareUser);
}

TEST_CASE("transactions of several processes do not disturb each other") {
  const Mode mode = Mode::BareUser;
  sample_for(mode);  // made before the processes part
  for (int round = 0; round < 5; ++round) {
    const TempDir dir;
    { Repo::create(dir / "repo", mode); }
    const auto child = [&] {
      pull(dir / "repo", mode);
      return 0;
    };
    std::array<Forked, 3> children{Forked(child), Forked(child), Forked(child)};
    for (Forked& each : children) CHECK(each.wait() == 0);
    check_complete(dir / "repo", mode);
  }
}

TEST_CASE_METHOD(NewRepo,
                 "a killed transaction publishes nothing, and the next one goes on from it") {
  const Repo source = sample_for(Mode::BareUser).open();
  const int status = run_child([&]() -> int {
    Transaction transaction(target);
    std::size_t left = objects_of(source).size() / 2;
    for (const ObjectName& name : objects_of(source)) {
      if (left-- == 0) ::raise(SIGKILL);
      const Bytes bytes = stored_bytes(source.store(), name);
      if (name.type == ObjectType::File)
        transaction.ingest().add_filez(name.checksum, bytes);
      else
        transaction.ingest().write_metadata(name, bytes);
    }
    return 0;
  });
  CHECK(status == 128 + SIGKILL);
  CHECK(objects_of(target).empty());
  CHECK(ostree_accepts(dir / "repo"));

  Transaction transaction(target);
  std::size_t found = 0;
  for (const ObjectName& name : objects_of(source)) found += transaction.has(name) ? 1 : 0;
  CHECK(found == objects_of(source).size() / 2);
  fill(transaction, source);
  CHECK(transaction.commit().adopted == found);
  check_complete(dir / "repo", Mode::BareUser);
}

TEST_CASE("killed at any time, a transaction leaves a repository that ostree accepts") {
  const Mode mode = Mode::BareUser;
  sample_for(mode);
  const TempDir dir;
  { Repo::create(dir / "repo", mode); }
  for (unsigned microseconds = 500; microseconds < 40'000; microseconds += 2'500) {
    run_child([&] {
      ::ualarm(microseconds, 0);
      pull(dir / "repo", mode);
      return 0;
    });
    CHECK(ostree_accepts(dir / "repo"));
  }
  pull(dir / "repo", mode);
  check_complete(dir / "repo", mode);
}
