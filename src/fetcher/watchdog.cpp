#include "fetcher/watchdog.hpp"

namespace xylem::fetcher {

void Watchdog::start() {
  if (run_ || patience_ == std::chrono::seconds::zero()) return;
  run_ = std::make_shared<int>();
  progress();
  wait();
}

void Watchdog::stop() {
  run_.reset();
  timer_.cancel();
}

void Watchdog::wait() {
  timer_.expires_at(last_ + patience_);
  timer_.async_wait([this, run = std::weak_ptr<void>(run_)](const auto& error) {
    if (error || run.expired()) return;  // then we may be gone, too
    if (Clock::now() - last_ >= patience_) {
      progress();
      bark_();
    }
    if (!run.expired()) wait();
  });
}

}  // namespace xylem::fetcher
