#include "pull/commit/commit_seats.hpp"

#include "base/log.hpp"
#include "pull/downloads/holder_watch.hpp"
#include "pull/downloads/transfers.hpp"
#include "task/sleep.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

using Clock = HolderWatch::Clock;

constexpr std::chrono::milliseconds interval{100};

}  // namespace

int open_seats(Clock::duration waited, const SeatPatience& patience) {
  return waited < patience.to_join ? 1 : repo::seats_per_commit;
}

boost::asio::awaitable<bool> CommitSeats::take(Checksum commit, std::function<bool()> is_complete) {
  const auto progress = [this] { return bytes_of_all_pulls(repo_.tmp()); };
  const Clock::time_point begin = Clock::now();
  HolderWatch watch(patience_.with_stuck, begin);
  bool waited = false;
  for (;; waited = true) {
    const Clock::time_point now = Clock::now();
    const bool seated = try_sit(commit, open_seats(now - begin, patience_));
    if (is_complete()) co_return false;
    if (seated || at_work_ || watch.is_stuck(progress, now)) break;
    if (!waited) log_info("Another pull is at work on commit {}: waiting for it", commit.hex());
    co_await sleep_for(interval);
    if (stopped_) throw Error(ErrorKind::Cancelled, "The pull was stopped");
  }
  at_work_ = true;
  if (waited) log_info("Going to work on commit {}", commit.hex());
  if (waited && on_succession_) on_succession_();
  co_return true;
}

bool CommitSeats::try_sit(const Checksum& commit, int seats) {
  auto seat = claims_.try_claim_seat(commit, seats);
  if (!seat) return false;
  seats_.push_back(std::move(*seat));
  return true;
}

}  // namespace xylem::pull
