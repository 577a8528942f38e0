// Claims between pulls: threads, processes, and what death does to them.

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/forked.hpp"
#include "repo/repo.hpp"
#include "repo/transaction/claims.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::test;
using repo::Claims;

namespace {

object::ObjectName object_of(std::string_view text) {
  return {sha256(as_bytes(text)), object::ObjectType::File};
}

struct Fixture {
  TempDir dir;
  repo::Repo repo = repo::Repo::create(dir / "repo", repo::Mode::Archive);
  object::ObjectName one = object_of("one");
  object::ObjectName two = object_of("two");
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an object has one claimant at a time, in one process too") {
  const Claims mine(repo);
  const Claims theirs(repo);
  auto claim = mine.try_claim(one);
  REQUIRE(claim);
  CHECK_FALSE(theirs.try_claim(one));
  CHECK(theirs.is_claimed(one));
  CHECK(theirs.try_claim(two));
  claim->release();
  CHECK_FALSE(theirs.is_claimed(one));
  CHECK(theirs.try_claim(one));
}

TEST_CASE_METHOD(Fixture, "a claim moves with its owner") {
  const Claims mine(repo);
  const Claims theirs(repo);
  {
    repo::Claim outer;
    {
      auto claim = mine.try_claim(one);
      outer = std::move(*claim);
    }
    CHECK(theirs.is_claimed(one));
  }
  CHECK_FALSE(theirs.is_claimed(one));
}

TEST_CASE_METHOD(Fixture, "the claims of a process that dies are free") {
  const Claims mine(repo);
  ParkedChild child([&] {
    auto claims = std::make_unique<Claims>(repo);
    auto claim = claims->try_claim(one);
    return std::pair(std::move(claims), std::move(claim));
  });
  CHECK(mine.is_claimed(one));
  CHECK_FALSE(mine.try_claim(one));
  child.kill();
  CHECK(eventually([&] { return mine.try_claim(one).has_value(); }));
}

TEST_CASE_METHOD(Fixture, "one pull at a time has the turn to publish") {
  const Claims mine(repo);
  const Claims theirs(repo);
  auto turn = mine.try_claim_publishing();
  REQUIRE(turn);
  CHECK_FALSE(theirs.try_claim_publishing());
  CHECK(theirs.try_claim(one));
  turn->release();
  CHECK(theirs.try_claim_publishing());
}

TEST_CASE_METHOD(Fixture, "where there can be no claims file every claim is granted") {
  os::make_dirs({repo.dir(), std::string(repo::layout::claims)}, 0755);
  const Claims mine(repo);
  const Claims theirs(repo);
  const auto claim = mine.try_claim(one);
  CHECK(claim);
  CHECK(theirs.try_claim(one));
  CHECK_FALSE(theirs.is_claimed(one));
}

TEST_CASE("claims of different objects lie at different places") {
  CHECK(repo::claim_offset(object_of("one")) != repo::claim_offset(object_of("two")));
  CHECK(repo::claim_offset(object_of("one")) >= 0);
}

TEST_CASE_METHOD(Fixture, "a few pulls at a time have a slot at a commit") {
  std::vector<std::unique_ptr<Claims>> pulls;
  std::vector<repo::Claim> slots;
  for (int pull = 0; pull < repo::seats_per_commit; ++pull) {
    pulls.push_back(std::make_unique<Claims>(repo));
    auto slot = pulls.back()->try_claim_seat(one.checksum, repo::seats_per_commit);
    REQUIRE(slot);
    slots.push_back(std::move(*slot));
  }
  const Claims late(repo);
  CHECK_FALSE(late.try_claim_seat(one.checksum, repo::seats_per_commit));
  CHECK(late.try_claim_seat(two.checksum, 1));
  CHECK(late.try_claim(one));
  CHECK(late.try_claim_publishing());
  slots[1].release();
  CHECK_FALSE(late.try_claim_seat(one.checksum, 1));
  CHECK(late.try_claim_seat(one.checksum, 2));
}

TEST_CASE_METHOD(Fixture, "who holds itself back keeps nobody waiting") {
  const Claims slow(repo, repo::Pace::HeldBack);
  const Claims fast(repo);
  const auto slow_claim = slow.try_claim(one);
  const auto slow_seat = slow.try_claim_seat(two.checksum, 1);
  CHECK(slow_claim);
  CHECK(slow_seat);
  CHECK_FALSE(fast.is_claimed(one));
  CHECK(fast.try_claim(one));
  CHECK(fast.try_claim_seat(two.checksum, 1));
}

TEST_CASE_METHOD(Fixture, "who holds itself back waits for all others") {
  const Claims slow(repo, repo::Pace::HeldBack);
  const Claims fast(repo);
  const Claims other_slow(repo, repo::Pace::HeldBack);
  const auto claim = fast.try_claim(one);
  const auto slot = fast.try_claim_seat(one.checksum, 1);
  const auto slow_claim = other_slow.try_claim(two);
  CHECK(slow.is_claimed(one));
  CHECK_FALSE(slow.try_claim(one));
  CHECK_FALSE(slow.try_claim_seat(one.checksum, 1));
  CHECK(slow.is_claimed(two));
  CHECK_FALSE(slow.try_claim(two));
}

TEST_CASE_METHOD(Fixture, "the turn to publish is one for all") {
  const Claims slow(repo, repo::Pace::HeldBack);
  const Claims fast(repo);
  const auto turn = slow.try_claim_publishing();
  CHECK(turn);
  CHECK_FALSE(fast.try_claim_publishing());
}
