#pragma once

#include <algorithm>
#include <chrono>

namespace xylem::fetcher {

/// How long new connections take. One that takes a second longer than others had to ask twice: the
/// server's queue was full. One thread.
class ConnectTimes {
 public:
  using Duration = std::chrono::microseconds;

  /// Notes a connection that took so long; true if it came too late.
  bool note(Duration time) {
    const bool late = time >= resend && time >= 3 * fastest_;
    fastest_ = std::min(fastest_, time);
    return late;
  }

 private:
  /// TCP asks again after a second.
  static constexpr Duration resend = std::chrono::milliseconds(950);
  Duration fastest_ = std::chrono::hours(1);
};

}  // namespace xylem::fetcher
