#include "repo/published_objects.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "base/os.hpp"
#include "sample.hpp"
#include "support/many_files.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::ListingTally;
using repo::pays_to_list;
using repo::PublishedObjects;
using repo::Repo;

namespace {

/// Its objects are enough for lists to pay.
struct Fixture {
  /// Those that trees are made of, from all directories in turn.
  std::vector<ObjectName> names() const {
    std::vector<ObjectName> names;
    store.for_each([&](const ObjectName& name) {
      if (name.type != ObjectType::Commit) names.push_back(name);
    });
    std::ranges::sort(names, {}, [](const ObjectName& name) { return name.checksum.bytes()[1]; });
    return names;
  }
  void ask_for_all(PublishedObjects& objects) const {
    for (const ObjectName& name : all) REQUIRE(objects.has(name));
  }

  static Repo open_copy(const std::string& path) {
    copy_many_files_repo(path);
    return Repo::open(path);
  }

  TempDir dir;
  Repo repo = open_copy(dir / "repo");
  const repo::LooseStore& store = repo.store();
  const std::vector<ObjectName> all = names();
};

ObjectName other_name(const ObjectName& name) {
  std::array<std::uint8_t, Checksum::size> bytes{};
  std::ranges::copy(name.checksum.bytes(), bytes.begin());
  bytes.back() ^= 1U;
  return {Checksum(bytes), name.type};
}

}  // namespace

TEST_CASE("A directory is listed when that costs less than looking at each object has") {
  struct Row {
    ListingTally tally;
    std::uint64_t names;
    bool pays;
  };
  const auto row = GENERATE(values<Row>({
      {{0, 0, 0}, 0, false},
      {{999, 0, 0}, 10, false},         // a small pull
      {{1000, 0, 0}, 10, true},         //
      {{1000, 0, 0}, 3980, true},       // four names a look, and twenty for opening
      {{1000, 0, 0}, 3981, false},      //
      {{9000, 0, 0}, 40'000, false},    // one of 256 directories with ten million objects
      {{11'000, 0, 0}, 40'000, true},   //
      {{1000, 40, 1600}, 1580, true},   // lists that were made are paid for
      {{1000, 40, 1600}, 1581, false},  //
      {{10'000'000, 9, 1'999'000}, 1000, true},
      {{10'000'000, 9, 1'999'000}, 1001, false},  // so many names are not kept
  }));
  CAPTURE(row.tally.found, row.tally.listings, row.tally.names, row.names);
  CHECK(pays_to_list(row.tally, row.names) == row.pays);
}

TEST_CASE_METHOD(Fixture, "Lists answer for most objects of a repository") {
  REQUIRE(all.size() > many_files);
  PublishedObjects objects(store, true);
  LookCounter counter;
  const os::ObserverScope scope(counter);
  ask_for_all(objects);
  CHECK(counter.looks() < many_files / 2);
  const int looks_before = counter.looks();
  ask_for_all(objects);
  CHECK(counter.looks() == looks_before);
  CHECK_FALSE(objects.has(other_name(all.front())));
  CHECK(counter.looks() == looks_before + 1);
}

TEST_CASE_METHOD(Fixture, "What was published after the list is found") {
  PublishedObjects objects(store, true);
  ask_for_all(objects);
  const ObjectName added = other_name(all.front());
  CHECK_FALSE(objects.has(added));
  CHECK(os::link(store.path(all.front()), store.path(added)));
  CHECK(objects.has(added));
}

TEST_CASE_METHOD(Fixture, "An object that vanishes against the rules is missed by the next one") {
  PublishedObjects objects(store, true);
  ask_for_all(objects);
  store.remove(all.front());
  CHECK(objects.has(all.front()));
  CHECK_FALSE(PublishedObjects(store, true).has(all.front()));
}

TEST_CASE_METHOD(Fixture, "Where objects may vanish there is a look at each") {
  PublishedObjects objects(store, false);
  LookCounter counter;
  const os::ObserverScope scope(counter);
  ask_for_all(objects);
  CHECK(counter.lists() == 0);
  CHECK(counter.looks() == static_cast<int>(all.size()));
  store.remove(all.front());
  CHECK_FALSE(objects.has(all.front()));
}

TEST_CASE_METHOD(Fixture, "Detached metadata and tombstones are always looked at") {
  const Checksum checksum = all.front().checksum;
  const auto type = GENERATE(ObjectType::CommitMeta, ObjectType::TombstoneCommit);
  REQUIRE(os::link(store.path(all.front()), store.path({checksum, type})));
  PublishedObjects objects(store, true);
  ask_for_all(objects);
  CHECK(objects.has({checksum, type}));
  store.remove({checksum, type});
  CHECK_FALSE(objects.has({checksum, type}));
}

TEST_CASE_METHOD(Fixture, "A directory that cannot be listed is looked into") {
  PublishedObjects objects(store, true);
  LookCounter counter(true);
  const os::ObserverScope scope(counter);
  ask_for_all(objects);
  CHECK(counter.lists() > 0);
  CHECK(counter.looks() == static_cast<int>(all.size()));
  CHECK_FALSE(objects.has(other_name(all.front())));
}

TEST_CASE_METHOD(Fixture, "Whatever has the name of an object counts, listed or not") {
  const ObjectName dir_name = other_name(all.front());
  const ObjectName link_name = other_name(all.back());
  os::make_dir(store.path(dir_name), 0755);
  os::symlink("nowhere", store.path(link_name));
  PublishedObjects objects(store, true);
  for (int round = 0; round < 2; ++round) {
    CHECK(objects.has(dir_name));
    CHECK(objects.has(link_name));
    ask_for_all(objects);
  }
}

TEST_CASE_METHOD(Fixture, "Many threads may ask") {
  PublishedObjects objects(store, true);
  std::atomic<int> missed = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (const ObjectName& name : all)
          if (!objects.has(name) || objects.has(other_name(name))) ++missed;
      });
  }
  CHECK(missed == 0);
}

TEST_CASE_METHOD(Fixture, "A store lists what it has of one directory, up to a limit") {
  std::size_t total = 0;
  for (int prefix = 0; prefix < 256; ++prefix) {
    const auto names = store.list(static_cast<std::uint8_t>(prefix), 1000);
    REQUIRE(names);
    total += names->size();
    for (const ObjectName& name : *names) REQUIRE(store.has(name));
    if (names->size() < 2) continue;
    CHECK(store.list(static_cast<std::uint8_t>(prefix), names->size()));
    CHECK_FALSE(store.list(static_cast<std::uint8_t>(prefix), names->size() - 1));
  }
  CHECK(total == all.size() + 1);  // and the commit
}

TEST_CASE("A store without a directory lists nothing") {
  const TempDir dir;
  const repo::LooseStore store(dir.fd(), repo::Mode::Archive);
  CHECK(store.list(0, 0)->size() == 0);
  CHECK(store.estimate_count(0) == 0);
}
