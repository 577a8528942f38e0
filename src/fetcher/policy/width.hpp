#pragma once

/// \file
/// How many requests and connections there may be at once: where the width starts, between which
/// limits it moves, and how it adapts to what servers can take.

#include <chrono>
#include <cstdint>

#include "fetcher/curl/curl_loop.hpp"

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

/// Never more requests in flight: they would only cost memory.
constexpr unsigned most_requests = 512;

/// Requests in flight. `asked` is FetcherOptions::max_requests; `http2` says that a server was seen
/// to speak it, so that requests are cheap streams and not connections.
unsigned request_width(std::uint32_t asked, bool http2);

/// Between what the width may be while it adapts.
WidthRange width_range(std::uint32_t asked, bool http2);

/// `descriptors` is how many the process may have open: connections take a quarter at most.
ConnectionLimits connection_limits(std::uint32_t asked, std::uint64_t descriptors);

}  // namespace xylem::fetcher
