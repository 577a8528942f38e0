// Who waits for a slot at a commit, and until when.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <optional>

#include "pull/commit/commit_slots.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"
#include "xylem/error.hpp"

using namespace xylem;
using namespace xylem::pull;
using namespace std::chrono_literals;
using test::TempDir;

namespace {

const Checksum commit = sha256(as_bytes("commit"));
const Checksum other_commit = sha256(as_bytes("other commit"));

struct Fixture {
  TempDir dir;
  repo::Repo repo = repo::Repo::create(dir / "repo", repo::Mode::Archive);
  repo::Claims claims{repo};
  CommitSlots slots{repo, claims, {3600s, 3600s}};
  std::vector<std::unique_ptr<repo::Claims>> others;
  std::vector<repo::Claim> taken;
  boost::asio::io_context io;
  std::exception_ptr failure;
  std::optional<bool> answer;

  void take_seats(int count) {
    for (int slot = 0; slot < count; ++slot) {
      others.push_back(std::make_unique<repo::Claims>(repo));
      taken.push_back(others.back()->try_claim_seat(commit, repo::seats_per_commit).value());
    }
  }
  void take_all_seats() { take_seats(repo::seats_per_commit); }

  void ask(CommitSlots& of, const Checksum& wanted, std::function<bool()> is_complete) {
    answer.reset();
    boost::asio::co_spawn(io, of.take(wanted, std::move(is_complete)),
                          [this](std::exception_ptr error, bool work) {
                            failure = error;
                            if (!error) answer = work;
                          });
    io.restart();
  }
  /// Whether it goes to work.
  std::optional<bool> decision(CommitSlots& of, const Checksum& wanted,
                               std::function<bool()> is_complete) {
    ask(of, wanted, std::move(is_complete));
    io.run();
    return answer;
  }
};

bool never() {
  return false;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "who finds a slot works") {
  CHECK(decision(slots, commit, never) == true);
  CHECK_THROWS(take_all_seats());  // one of them is ours
  CHECK(taken.size() == repo::seats_per_commit - 1);
}

TEST_CASE_METHOD(Fixture, "who finds none waits until the commit is complete") {
  take_all_seats();
  int asked = 0;
  CHECK(decision(slots, commit, [&] { return ++asked == 3; }) == false);
  CHECK(asked == 3);
}

TEST_CASE("the second slot is for those who have waited") {
  const SlotPatience patience{10s, 30s};
  CHECK(open_slots(0s, patience) == 1);
  CHECK(open_slots(9999ms, patience) == 1);
  CHECK(open_slots(10s, patience) == repo::seats_per_commit);
  CHECK(open_slots(24h, patience) == repo::seats_per_commit);
}

TEST_CASE_METHOD(Fixture, "who comes while another works waits, though a slot is free") {
  take_seats(1);
  int asked = 0;
  CHECK(decision(slots, commit, [&] { return ++asked == 3; }) == false);
}

TEST_CASE_METHOD(Fixture, "who has waited for long joins the one at work") {
  take_seats(1);
  CommitSlots eager(repo, claims, {0s, 3600s});
  CHECK(decision(eager, commit, never) == true);
}

TEST_CASE_METHOD(Fixture, "nobody joins two") {
  take_all_seats();
  CommitSlots eager(repo, claims, {0s, 3600s});
  int asked = 0;
  CHECK(decision(eager, commit, [&] { return ++asked == 3; }) == false);
}

TEST_CASE_METHOD(Fixture, "a slot that becomes free is taken") {
  take_all_seats();
  ask(slots, commit, [&] {
    taken.clear();  // after the first look at the slots
    return false;
  });
  io.run();
  CHECK(answer == true);
}

TEST_CASE_METHOD(Fixture, "who is at work waits for no further commit") {
  take_all_seats();
  REQUIRE(decision(slots, other_commit, never) == true);
  CHECK(decision(slots, commit, never) == true);
}

TEST_CASE_METHOD(Fixture, "those who do not get on are not waited for") {
  take_all_seats();
  CommitSlots impatient(repo, claims, {3600s, 0s});
  CHECK(decision(impatient, commit, never) == true);
}

TEST_CASE_METHOD(Fixture, "a pull that ends stops waiting") {
  take_all_seats();
  ask(slots, commit, never);
  io.run_one();
  slots.stop();
  io.run();
  REQUIRE(failure);
  CHECK(error_kind([&] { std::rethrow_exception(failure); }) == ErrorKind::Cancelled);
}
