#pragma once

/// \file
/// How a server that has more requests than it can take is asked less: all its requests pause
/// together, fewer go at once, and in the end they keep a distance. Pure but for what it remembers.

#include <chrono>

namespace xylem::fetcher {

/// The first pause after requests that were turned away; doubled with each further refusal that no
/// success has come between.
constexpr std::chrono::milliseconds first_pause{500};
/// The pause while the server still answers some requests: it is not down, only busy.
constexpr std::chrono::milliseconds short_pause{50};
constexpr std::chrono::milliseconds longest_pause{10'000};
/// The distance between requests, once there is one.
constexpr std::chrono::milliseconds first_distance{4};
constexpr std::chrono::milliseconds longest_distance{10'000};

/// Of one server. One thread.
class HostLoad {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// How long a request has to wait at least; zero or less if it may go now.
  Duration wait(Time now) const { return next_ - now; }
  /// Takes the next request's turn, and returns how long it has to wait for it.
  Duration take_turn(Time now);
  /// The server asked for no requests until then.
  void pause_until(Time time);
  /// It has served a request.
  void succeeded();

  /// A request that went at `began` was turned away. False if it had gone before the last refusal:
  /// then it is no news. `narrowest` says that there cannot be fewer requests at once; `dice` is in
  /// [0, 1).
  bool turned_away(Time began, Time now, bool narrowest, double dice);
  /// Refusals in a row, without a success between them.
  unsigned refusals() const { return refusals_; }

 private:
  Duration next_pause(double dice) const;

  Time next_{};     ///< Before that no request goes.
  Time refused_{};  ///< The last refusal that was news.
  Duration distance_{};
  unsigned refusals_ = 0;
};

}  // namespace xylem::fetcher
