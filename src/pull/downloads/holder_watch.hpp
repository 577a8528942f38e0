#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace xylem::pull {

/// How long a pull may receive nothing before others no longer wait for it.
constexpr std::chrono::seconds holder_patience{30};

/// Whether those who have claimed something still get on with it: a stopped process, or one on a
/// dead link, must not keep the others waiting for ever. Pure but for what it remembers.
class HolderWatch {
 public:
  using Clock = std::chrono::steady_clock;

  HolderWatch(Clock::duration patience, Clock::time_point now) : patience_(patience), since_(now) {}

  /// `bytes` is how far they are now; it is asked only when the patience has run out since it was
  /// asked last. True if nothing has changed in that time.
  bool is_stuck(const std::function<std::uint64_t()>& bytes, Clock::time_point now) {
    if (now - since_ < patience_) return false;
    const std::uint64_t before = bytes_;
    bytes_ = bytes();
    since_ = now;
    return bytes_ == before;
  }

 private:
  Clock::duration patience_;
  Clock::time_point since_;
  std::uint64_t bytes_ = 0;
};

}  // namespace xylem::pull
