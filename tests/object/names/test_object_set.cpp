#include "object/names/object_set.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <unordered_set>

using namespace xylem;
using namespace xylem::object;

namespace {

/// The same for the same number; all begin with one byte, as what lies in one directory does.
ObjectName name_of(std::uint32_t number) {
  std::mt19937 random(number / 2);
  std::array<std::uint8_t, Checksum::size> bytes{};
  for (std::size_t i = 1; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(random());
  return {Checksum(bytes), number % 2 == 0 ? ObjectType::File : ObjectType::DirMeta};
}

void require_equal(const ObjectSet& set, const std::unordered_set<ObjectName>& expected) {
  REQUIRE(set.size() == expected.size());
  REQUIRE(std::unordered_set<ObjectName>(set.begin(), set.end()) == expected);
}

}  // namespace

TEST_CASE("an empty set of objects has none") {
  ObjectSet set;
  CHECK(set.size() == 0);
  CHECK_FALSE(set.contains(name_of(1)));
  CHECK_FALSE(set.erase(name_of(1)));
  CHECK(set.begin() == set.end());
}

TEST_CASE("a set of objects tells objects of one checksum apart") {
  ObjectSet set;
  const ObjectName file = name_of(0);
  const ObjectName meta = name_of(1);
  REQUIRE(file.checksum == meta.checksum);
  CHECK(set.insert(file));
  CHECK_FALSE(set.insert(file));
  CHECK_FALSE(set.contains(meta));
  CHECK(set.insert(meta));
  CHECK(set.erase(file));
  CHECK(set.contains(meta));
}

TEST_CASE("a set of objects is as good as the standard library's") {
  const auto seed = GENERATE(1U, 2U, 3U);
  const auto range = GENERATE(10U, 300U, 4000U);
  CAPTURE(seed, range);
  std::mt19937 random(seed);
  ObjectSet set;
  std::unordered_set<ObjectName> expected;
  for (int step = 0; step < 10000; ++step) {
    const ObjectName name = name_of(static_cast<std::uint32_t>(random() % range));
    if (random() % 3 == 0) {
      REQUIRE(set.erase(name) == (expected.erase(name) == 1));
    } else {
      REQUIRE(set.insert(name) == expected.insert(name).second);
    }
    const ObjectName other = name_of(static_cast<std::uint32_t>(random() % range));
    REQUIRE(set.contains(other) == expected.contains(other));
  }
  require_equal(set, expected);
}

TEST_CASE("a set of objects takes names that a server has chosen to collide") {
  ObjectSet set;
  constexpr std::uint32_t many = 1'000'000;
  std::array<std::uint8_t, Checksum::size> bytes{};
  for (std::uint32_t number = 0; number < many; ++number) {
    std::memcpy(bytes.data() + Checksum::size - sizeof number, &number, sizeof number);
    set.insert({Checksum(bytes), ObjectType::File});
  }
  CHECK(set.size() == many);
}
