#pragma once

/// \file
/// How many requests may be in flight: more while that pays, fewer when a server pushes back.

#include <chrono>
#include <cstdint>

namespace xylem::fetcher {

/// What was observed in one interval.
struct WidthSample {
  double throughput = 0;     ///< Work a second, in any unit.
  bool saturated = false;    ///< Requests had to wait for their turn.
  bool pushed_back = false;  ///< 429, 503 or a torn connection.
};

/// Where the search for the best width stands.
struct WidthState {
  unsigned width = 1;
  unsigned proven = 0;  ///< The widest width that paid; 0 if none has been measured.
  double best = 0;      ///< Throughput at that.
  unsigned rest = 0;    ///< Intervals until growing is tried again.
};

struct WidthRange {
  unsigned least = 1;
  unsigned most = 1;
};

/// Pure. Grows by half while throughput rises by a tenth at least; else goes back to the width that
/// paid, rests, and tries again later. Pushed back, it falls to two thirds and rests longer.
WidthState next_width(WidthState state, const WidthSample& sample, WidthRange range);

/// Collects samples. One thread.
class WidthControl {
 public:
  using Time = std::chrono::steady_clock::time_point;

  WidthControl(unsigned width, WidthRange range) : state_{.width = width}, range_(range) {}

  /// Never below `width`: a protocol was found to carry more.
  void raise(unsigned width, WidthRange range);
  void pushed_back() { pushed_back_ = true; }
  /// A request has ended. True if the width may have changed.
  bool finished(std::uint64_t bytes, bool saturated, Time now);
  unsigned width() const { return state_.width; }

 private:
  WidthState state_;
  WidthRange range_;
  double work_ = 0;
  bool saturated_ = false;
  bool pushed_back_ = false;
  Time since_{};
};

}  // namespace xylem::fetcher
