#include "repo/loose/published_objects.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/sample.hpp"
#include "support/many_files.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::ListingTally;
using repo::names_that_pay;
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

/// In the same directory.
ObjectName numbered_name(const ObjectName& name, std::uint16_t number) {
  std::array<std::uint8_t, Checksum::size> bytes{};
  bytes[0] = name.checksum.bytes()[0];
  bytes[1] = static_cast<std::uint8_t>(number >> 8U);
  bytes[2] = static_cast<std::uint8_t>(number & 0xffU);
  return {Checksum(bytes), name.type};
}

/// Where the size of a directory tells nothing.
class SizesUnknown : public LookCounter {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    const bool is_object_dir = call.operation == os::Operation::Stat && call.path != nullptr &&
                               call.path->name.size() == 2;
    if (!is_object_dir) return LookCounter::call(call, real);
    errno = ENOENT;
    return -1;
  }
};

}  // namespace

TEST_CASE("a directory is listed when that costs less than looking at each object has") {
  struct Row {
    ListingTally tally;
    std::uint64_t estimate;
    std::uint64_t names;
  };
  const auto row = GENERATE(values<Row>({
      {{.found = 0}, 0, 0},
      {{.found = 999}, 10, 0},        // a small pull
      {{.found = 1000}, 10, 3980},    // four names a look, and twenty for opening
      {{.found = 1000}, 3980, 3980},  //
      {{.found = 1000}, 3981, 0},     //
      {{.found = 9000}, 40'000, 0},   // one of 256 directories with ten million objects
      {{.found = 11'000}, 40'000, 43'980},
      // lists that were made are paid for
      {{.found = 1000, .listings = 40, .read = 1600, .kept = 1600, .fullest = 40}, 1580, 1580},
      {{.found = 1000, .listings = 40, .read = 1600, .kept = 1600, .fullest = 40}, 1581, 0},
      {{.found = 10, .listings = 40, .read = 1600, .kept = 1600, .fullest = 40}, 0, 0},
      // a list that was given up too, and the next one has to have room for twice as many
      {{.found = 2994, .listings = 1, .read = 3980, .fullest = 3980}, 0, 0},
      {{.found = 2995, .listings = 1, .read = 3980, .fullest = 3980}, 0, 7960},
      // so many names are not kept
      {{.found = 10'000'000, .listings = 9, .read = 1'999'000, .kept = 1'999'000}, 1000, 1000},
      {{.found = 10'000'000, .listings = 9, .read = 1'999'000, .kept = 1'999'000}, 1001, 0},
      {{.found = 10'000'000, .listings = 9, .read = 2'000'000, .kept = 2'000'000}, 0, 0},
      {{.found = 10'000'000, .listings = 9, .read = 1'999'000}, 1000, 2'000'000},
  }));
  CAPTURE(row.tally.found, row.tally.read, row.tally.kept, row.estimate);
  CHECK(names_that_pay(row.tally, row.estimate) == row.names);
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

TEST_CASE_METHOD(Fixture, "A directory that proves too large is given up, others are listed") {
  const ObjectName& first = all.front();
  for (std::uint16_t number = 0; number < 4000; ++number)
    REQUIRE(os::link(store.path(first), store.path(numbered_name(first, number))));
  PublishedObjects objects(store, true);
  SizesUnknown counter;
  const os::ObserverScope scope(counter);
  for (int i = 0; i < 1000; ++i) REQUIRE(objects.has(first));
  CHECK(counter.lists() > 0);
  for (int round = 0; round < 3; ++round) ask_for_all(objects);
  const int looks_before = counter.looks();
  ask_for_all(objects);
  CHECK(counter.looks() - looks_before == std::ranges::count_if(all, [&](const ObjectName& name) {
          return repo::layout::prefix_of(name) == repo::layout::prefix_of(first);
        }));
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

TEST_CASE_METHOD(Fixture, "An object that is removed is missed at once, listed or not") {
  PublishedObjects objects(store, true);
  const ObjectName first = all.front();
  CHECK(objects.remove(first));
  CHECK_FALSE(objects.has(first));
  for (std::size_t i = 1; i < all.size(); ++i) REQUIRE(objects.has(all[i]));
  CHECK(objects.remove(all.back()));
  CHECK_FALSE(objects.has(all.back()));
  CHECK_FALSE(objects.remove(all.back()));
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

TEST_CASE("a store without a directory lists nothing") {
  const TempDir dir;
  const repo::LooseStore store(dir.fd(), repo::Mode::Archive);
  CHECK(store.list(0, 0)->size() == 0);
  CHECK(store.estimate_count(0) == 0);
}
