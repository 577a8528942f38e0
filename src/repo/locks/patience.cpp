#include "repo/locks/patience.hpp"

#include <algorithm>

namespace xylem::repo {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{2};

}  // namespace

Patience::Patience(const std::optional<milliseconds>& timeout, const CancelToken& cancel,
                   milliseconds longest)
    : deadline_(timeout ? Clock::now() + *timeout : Clock::time_point::max()),
      pause_(first_pause),
      longest_(longest),
      cancel_(cancel),
      registration_(cancel.on_cancel([this] { wake(); })) {}

bool Patience::pause() {
  cancel_.check();
  const auto now = Clock::now();
  if (now >= deadline_) return false;
  std::unique_lock lock(mutex_);
  woken_.wait_until(lock, std::min(now + pause_, deadline_), [this] { return cancelled_; });
  lock.unlock();
  cancel_.check();
  pause_ = std::min(pause_ * 2, longest_);
  return true;
}

void Patience::wake() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  woken_.notify_all();
}

}  // namespace xylem::repo
