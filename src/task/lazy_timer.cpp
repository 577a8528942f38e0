#include "task/lazy_timer.hpp"

#include <boost/asio/post.hpp>

namespace xylem {

void LazyTimer::set(std::chrono::milliseconds from_now) {
  deadline_ = Clock::now() + from_now;
  if (from_now.count() <= 0) return post();
  if (!waits_until_ || *deadline_ < *waits_until_) wait_until(*deadline_);
}

void LazyTimer::stop() {
  clear();
  waits_until_.reset();
  timer_.cancel();
}

/// For a deadline that is there already.
void LazyTimer::post() {
  if (std::exchange(posted_, true)) return;
  boost::asio::post(executor_, [this, alive = std::weak_ptr<int>(alive_)] {
    if (alive.expired()) return;
    posted_ = false;
    on_expiry();
  });
}

void LazyTimer::wait_until(Clock::time_point time) {
  waits_until_ = time;
  timer_.expires_at(time);
  timer_.async_wait([this, alive = std::weak_ptr<int>(alive_)](const auto& error) {
    if (error || alive.expired()) return;
    waits_until_.reset();
    on_expiry();
  });
}

void LazyTimer::on_expiry() {
  if (!deadline_) return;
  if (Clock::now() >= *deadline_) {
    deadline_.reset();
    return due_();
  }
  if (!waits_until_ || *deadline_ < *waits_until_) wait_until(*deadline_);
}

}  // namespace xylem
