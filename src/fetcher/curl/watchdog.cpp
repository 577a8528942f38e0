#include "fetcher/curl/watchdog.hpp"

namespace xylem::fetcher {

void Watchdog::start() {
  if (patience_ == std::chrono::seconds::zero()) return;
  running_ = true;
  progress();
}

void Watchdog::stop() {
  running_ = false;
  timer_.stop();
}

void Watchdog::due() {
  progress();
  bark_();
}

}  // namespace xylem::fetcher
