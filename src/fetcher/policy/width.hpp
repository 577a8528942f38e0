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
  bool pushed_back = false;  ///< The server has more requests than it can take.
  /// How many requests the link can feed, if each takes long and gets few bytes; 0 if there is no
  /// sign of a narrow link.
  unsigned affordable = 0;
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
  /// Grow one by one: each request is a connection of its own, and many at once could overflow the
  /// server's queue of those that wait to be accepted.
  bool slowly = false;

  bool operator==(const WidthRange&) const = default;
};

/// Pure. Grows by half while throughput rises by a tenth at least; else goes back to the width that
/// paid, rests, and tries again later. Pushed back, it falls to two thirds and rests longer; on a
/// narrow link it falls towards what that can feed.
WidthState next_width(WidthState state, const WidthSample& sample, WidthRange range);

/// Collects samples. An interval ends when as many requests as the width have ended, but not before
/// `shortest_interval`; or after `longest_interval`. One thread.
class WidthControl {
 public:
  using Time = std::chrono::steady_clock::time_point;

  WidthControl(unsigned width, WidthRange range) : state_{.width = width}, range_(range) {}

  /// Never below `width`: a protocol was found to carry more.
  void raise(unsigned width, WidthRange range);
  /// Not above `width` from now on, but for slow growth: each request needs a connection.
  void slow_down(unsigned width);
  /// The server has more than it can take; what was refused in the same interval is one refusal.
  void pushed_back(Time now);
  /// A request has ended; `received` is how many bytes have come of all, since ever. `saturated`
  /// says that others wait.
  void finished(std::uint64_t received, bool saturated, Time now);
  /// Time passes, with requests under way.
  void passed(std::uint64_t received, bool saturated, Time now);
  unsigned width() const { return state_.width; }
  bool narrowest() const { return state_.width <= range_.least; }

 private:
  void look(std::uint64_t received, bool saturated, Time now);
  WidthSample sample(std::uint64_t bytes, double seconds) const;
  void begin_interval(std::uint64_t received, Time now);

  WidthState state_;
  WidthRange range_;
  unsigned finished_ = 0;  ///< In this interval.
  bool saturated_ = false;
  std::uint64_t received_ = 0;  ///< When it began.
  Time since_{};
  Time pushed_back_{};
};

constexpr std::chrono::milliseconds shortest_interval{100};
constexpr std::chrono::milliseconds longest_interval{2000};

/// Never more requests in flight: they would only cost memory.
constexpr unsigned most_requests = 512;

/// How many requests begin at once, before anything is known of the server. `asked` is
/// FetcherOptions::max_requests.
unsigned first_width(std::uint32_t asked);

/// How many requests there are at least once a server was seen to speak HTTP/2: they are cheap
/// streams and not connections.
unsigned http2_width(std::uint32_t asked);

/// How many requests there are at most while a server closes each connection, before it is seen
/// that more pay.
unsigned closing_width(std::uint32_t asked);

/// Between what the width may be while it adapts.
WidthRange width_range(std::uint32_t asked, bool http2);

/// `descriptors` is how many the process may have open: connections take a quarter at most.
ConnectionLimits connection_limits(std::uint32_t asked, std::uint64_t descriptors);

}  // namespace xylem::fetcher
