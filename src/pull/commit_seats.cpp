#include "pull/commit_seats.hpp"

#include "base/log.hpp"
#include "pull/holder_watch.hpp"
#include "pull/sleep.hpp"
#include "pull/transfers.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

constexpr std::chrono::milliseconds interval{100};

}  // namespace

boost::asio::awaitable<bool> CommitSeats::take(Checksum commit, std::function<bool()> is_complete) {
  const auto progress = [this] { return bytes_of_all_pulls(repo_.tmp()); };
  HolderWatch watch(patience_, HolderWatch::Clock::now());
  bool waited = false;
  for (;; waited = true) {
    const bool seated = try_sit(commit);
    if (is_complete()) co_return false;
    if (seated || at_work_ || watch.is_stuck(progress, HolderWatch::Clock::now())) break;
    if (!waited) log_info("Other pulls are at work on commit {}: waiting for them", commit.hex());
    co_await sleep_for(interval);
    if (stopped_) throw Error(ErrorKind::Cancelled, "The pull was stopped");
  }
  at_work_ = true;
  if (waited && on_succession_) on_succession_();
  co_return true;
}

bool CommitSeats::try_sit(const Checksum& commit) {
  auto seat = claims_.try_claim_seat(commit);
  if (!seat) return false;
  seats_.push_back(std::move(*seat));
  return true;
}

}  // namespace xylem::pull
