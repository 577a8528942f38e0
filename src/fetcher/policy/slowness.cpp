#include "fetcher/policy/slowness.hpp"

namespace xylem::fetcher {

void SpeedWindow::note(std::uint64_t total, Time now) {
  last_ = total;
  marks_.push_back({now, total});
  // The second one is old enough to stand for the beginning of the window.
  while (marks_.size() > 1 && now - marks_[1].time >= length_) marks_.pop_front();
}

bool is_slow(const HostSpeed& host, std::uint32_t limit) {
  return host.bytes < std::uint64_t{limit} * static_cast<std::uint64_t>(host.window.count());
}

bool is_dead(const HostSpeed& host, std::uint64_t bytes_of_transfer) {
  if (bytes_of_transfer != 0 || host.transfers == 0) return false;
  return !is_slow({host.bytes / host.transfers, 1, host.window}, usual_speed);
}

}  // namespace xylem::fetcher
