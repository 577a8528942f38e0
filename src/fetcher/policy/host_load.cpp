#include "fetcher/policy/host_load.hpp"

#include <algorithm>

namespace xylem::fetcher {

namespace {

/// A refusal lengthens the distance by a half, and some forty successes make up for it: most
/// requests then go just below the rate that the server takes.
constexpr double longer = 1.5;
constexpr double shorter = 0.99;
/// Of a whole pause, what is certain. The rest is chance, so that many clients come back apart.
constexpr double certain = 0.5;

HostLoad::Duration scaled(HostLoad::Duration duration, double factor) {
  return std::chrono::duration_cast<HostLoad::Duration>(duration * factor);
}

}  // namespace

HostLoad::Duration HostLoad::take_turn(Time now) {
  const Time turn = std::max(next_, now);
  next_ = turn + distance_;
  return turn - now;
}

void HostLoad::pause_until(Time time) {
  next_ = std::max(next_, time);
}

void HostLoad::succeeded() {
  refusals_ = 0;
  if (distance_ == Duration::zero()) return;
  distance_ = scaled(distance_, shorter);
  if (distance_ < first_distance / 2) distance_ = Duration::zero();
}

/// The first refusal after a success is the answer of a server that is up.
HostLoad::Duration HostLoad::next_pause(double dice) const {
  if (refusals_ == 1) return short_pause + 2 * distance_;
  constexpr unsigned enough = 5;  // doublings that pass the longest pause
  const auto pause =
      std::min<Duration>(first_pause * (1 << std::min(refusals_ - 2, enough)), longest_pause);
  return scaled(pause, certain + (1 - certain) * dice);
}

bool HostLoad::turned_away(Time began, Time now, bool narrowest, double dice) {
  if (began < refused_) return false;
  const bool is_up = refusals_ == 0;
  ++refusals_;
  refused_ = now;
  if (is_up && narrowest)
    distance_ = std::clamp<Duration>(scaled(distance_, longer), first_distance, longest_distance);
  pause_until(now + next_pause(dice));
  return true;
}

}  // namespace xylem::fetcher
