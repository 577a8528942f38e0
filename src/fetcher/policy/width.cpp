#include "fetcher/policy/width.hpp"

#include <algorithm>
#include <utility>

namespace xylem::fetcher {

namespace {

/// As many as other clients begin with: no server's queue overflows of them.
constexpr unsigned default_connections = 8;
/// Python's server queues five connections, and it is not alone.
constexpr unsigned default_closing_connections = 5;
/// Of one connection; nginx takes no more. What goes beyond opens another connection.
constexpr unsigned default_streams = 128;
constexpr unsigned default_http2_requests = 256;
/// More than this only costs memory and descriptors.
constexpr unsigned most_connections = 128;
/// Fewer make no pull.
constexpr unsigned least_connections = 4;

constexpr double least_gain = 1.1;
constexpr unsigned rest_without_gain = 8;
constexpr unsigned rest_after_push = 20;
/// What a request is worth besides its bytes: with small bodies their number is what counts.
constexpr double work_of_request = 16 * 1024;
/// A link that gives each request fewer bytes a second than this is narrow.
constexpr double fair_share = 2000;

unsigned asked_or(std::uint32_t asked, unsigned ours) {
  return asked != 0 ? std::min(asked, most_requests) : ours;
}

}  // namespace

unsigned first_width(std::uint32_t asked) {
  return asked_or(asked, default_connections);
}

unsigned http2_width(std::uint32_t asked) {
  return asked_or(asked, default_http2_requests);
}

unsigned closing_width(std::uint32_t asked) {
  return asked_or(asked, default_closing_connections);
}

WidthRange width_range(std::uint32_t asked, bool http2) {
  const unsigned width = first_width(asked);
  if (asked != 0) return {width, width};
  return {.least = 1, .most = http2 ? most_requests : most_connections};
}

ConnectionLimits connection_limits(std::uint32_t asked, std::uint64_t descriptors) {
  const auto affordable = std::max<std::uint64_t>(descriptors / 4, least_connections);
  const unsigned wanted = asked == 0 ? most_connections : std::min(asked, most_connections);
  const unsigned streams = asked == 0 ? default_streams : std::min(asked, most_requests);
  const long per_host = static_cast<long>(std::min<std::uint64_t>(wanted, affordable));
  return {.per_host = per_host,
          .per_host_http2 = std::min<long>(per_host, most_requests / default_streams),
          .streams = static_cast<long>(streams)};
}

// Hill climbing. While requests wait for a place, the width grows by half. Growth has to pay:
// unless the throughput rose by a tenth, the width returns to the last one that did, and rests
// before it tries again, as links change. A server that pushes back takes a third off at once and
// buys itself a longer rest. Nothing changes while the width is not used up, because nothing is
// learned then.
WidthState next_width(WidthState state, const WidthSample& sample, WidthRange range) {
  if (sample.pushed_back)
    return {.width = std::max(range.least, state.width * 2 / 3), .rest = rest_after_push};
  if (state.rest > 0) {
    --state.rest;
    return state;
  }
  if (!sample.saturated) return state;
  if (sample.affordable != 0 && sample.affordable < state.width) {
    const unsigned fed = std::max(sample.affordable, state.width * 2 / 3);
    return {.width = std::clamp(fed, range.least, range.most), .rest = rest_without_gain};
  }
  const bool paid = state.proven == 0 || sample.throughput > state.best * least_gain;
  if (!paid) return {.width = state.proven, .rest = rest_without_gain};
  state.proven = state.width;
  state.best = sample.throughput;
  const unsigned step = range.slowly ? 1 : std::max(1U, state.width / 2);
  state.width = std::min(range.most, state.width + step);
  return state;
}

void WidthControl::raise(unsigned width, WidthRange range) {
  range_ = range;
  state_ = {.width = std::max(state_.width, width)};
}

void WidthControl::slow_down(unsigned width) {
  if (std::exchange(range_.slowly, true)) return;
  if (state_.width > width) state_ = {.width = std::max(width, range_.least)};
}

void WidthControl::pushed_back(Time now) {
  if (pushed_back_ != Time{} && now - pushed_back_ < shortest_interval) return;
  pushed_back_ = now;
  state_ = next_width(state_, {.pushed_back = true}, range_);
}

void WidthControl::finished(std::uint64_t received, bool saturated, Time now) {
  if (since_ == Time{}) begin_interval(0, now);
  ++finished_;
  look(received, saturated, now);
}

void WidthControl::passed(std::uint64_t received, bool saturated, Time now) {
  if (since_ == Time{}) begin_interval(received, now);
  look(received, saturated, now);
}

void WidthControl::look(std::uint64_t received, bool saturated, Time now) {
  saturated_ = saturated_ || saturated;
  const bool round = finished_ >= state_.width && now - since_ >= shortest_interval;
  if (!round && now - since_ < longest_interval) return;
  const double seconds = std::chrono::duration<double>(now - since_).count();
  state_ = next_width(state_, sample(received - std::min(received, received_), seconds), range_);
  begin_interval(received, now);
}

/// Requests count only if there were enough of them: one more or less in an interval is chance.
WidthSample WidthControl::sample(std::uint64_t bytes, double seconds) const {
  WidthSample sample{.saturated = saturated_};
  const bool enough = finished_ >= state_.width;
  const double requests = enough ? finished_ : 0;
  const double each_second = static_cast<double>(bytes) / seconds;
  sample.throughput = each_second + requests * work_of_request / seconds;
  if (!enough && bytes != 0)
    sample.affordable = std::max(
        1U, static_cast<unsigned>(std::min(each_second / fair_share, double{most_requests})));
  return sample;
}

void WidthControl::begin_interval(std::uint64_t received, Time now) {
  since_ = now;
  received_ = received;
  finished_ = 0;
  saturated_ = false;
}

}  // namespace xylem::fetcher
