#pragma once

/// \file
/// Whether a server is too slow, and whether one transfer of several is dead. All transfers of a
/// server share its link, so its speed is that of all of them together. Pure but for what it
/// remembers.

#include <chrono>
#include <cstdint>
#include <deque>

namespace xylem::fetcher {

/// Bytes a second that a transfer can expect of a link that is not slow. A request that has another
/// mirror to ask does not put up with less; and one transfer that gets nothing while the others
/// could have this much each is dead.
constexpr std::uint32_t usual_speed = 1000;

/// Bytes that have come, by time, as far back as a limit looks.
class SpeedWindow {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit SpeedWindow(std::chrono::seconds length) : length_(length) {}

  /// `total` bytes have come by now, since ever. Called about once a second.
  void note(std::uint64_t total, Time now);
  /// What came before does not count any more: nothing was wanted, or it was held back.
  void reset() { marks_.clear(); }
  /// Whether it reaches back far enough to be judged.
  bool full(Time now) const { return !marks_.empty() && now - marks_.front().time >= length_; }
  /// Within the window.
  std::uint64_t bytes() const { return marks_.empty() ? 0 : last_ - marks_.front().total; }

 private:
  struct Mark {
    Time time;
    std::uint64_t total;
  };
  std::chrono::seconds length_;
  std::deque<Mark> marks_;
  std::uint64_t last_ = 0;
};

/// What came of a server in a full window.
struct HostSpeed {
  std::uint64_t bytes = 0;      ///< Of all its transfers together.
  std::uint64_t transfers = 1;  ///< That run now.
  std::chrono::seconds window{30};
};

/// Pure. Less than `limit` bytes a second; a limit of 0 is none.
bool is_slow(const HostSpeed& host, std::uint32_t limit);

/// Pure. Whether a transfer that got nothing in the window is dead, and not just one of many on a
/// narrow link.
bool is_dead(const HostSpeed& host, std::uint64_t bytes_of_transfer);

}  // namespace xylem::fetcher
