#pragma once

#include <chrono>
#include <cstdint>

namespace xylem::pull {

/// Whether the pull that has claimed an object still gets on with it: a stopped process, or one on
/// a dead link, must not keep the others waiting for ever. Pure but for what it remembers.
class HolderWatch {
 public:
  using Clock = std::chrono::steady_clock;

  HolderWatch(Clock::duration patience, Clock::time_point now) : patience_(patience), since_(now) {}

  /// `bytes` is what is there of the download now. True if it has not grown for too long.
  bool is_stuck(std::uint64_t bytes, Clock::time_point now) {
    if (bytes > bytes_) {
      bytes_ = bytes;
      since_ = now;
    }
    return now - since_ >= patience_;
  }

 private:
  Clock::duration patience_;
  Clock::time_point since_;
  std::uint64_t bytes_ = 0;
};

}  // namespace xylem::pull
