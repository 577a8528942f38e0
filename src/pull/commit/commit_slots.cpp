#include "pull/commit/commit_slots.hpp"

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

int open_slots(Clock::duration waited, const SlotPatience& patience) {
  return waited < patience.to_join ? 1 : repo::seats_per_commit;
}

boost::asio::awaitable<bool> CommitSlots::take(Checksum commit, std::function<bool()> is_complete) {
  const auto progress = [this] { return bytes_of_all_pulls(repo_.tmp()); };
  const Clock::time_point begin = Clock::now();
  HolderWatch watch(patience_.with_stuck, begin);
  bool waited = false;
  for (;; waited = true) {
    const Clock::time_point now = Clock::now();
    const bool seated = try_take(commit, open_slots(now - begin, patience_));
    if (is_complete()) co_return false;
    if (seated || at_work_ || watch.is_stuck(progress, now)) break;
    if (!waited) log_info("Waiting for another pull of commit {}", commit.hex());
    if (on_wait_) on_wait_(begin);
    co_await sleep_for(interval);
    if (stopped_) throw Error(ErrorKind::Cancelled, "The pull was stopped");
  }
  at_work_ = true;
  if (waited) log_info("Starting on commit {} after waiting", commit.hex());
  if (waited && on_succession_) on_succession_();
  co_return true;
}

bool CommitSlots::try_take(const Checksum& commit, int slots) {
  auto slot = claims_.try_claim_seat(commit, slots);
  if (!slot) return false;
  slots_.push_back(std::move(*slot));
  return true;
}

}  // namespace xylem::pull
