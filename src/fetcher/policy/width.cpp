#include "fetcher/policy/width.hpp"

#include <algorithm>

namespace xylem::fetcher {

namespace {

constexpr unsigned default_connections = 32;
/// Of one connection; nginx takes no more. What goes beyond opens another connection.
constexpr unsigned default_streams = 128;
/// Long ways need more streams than one connection has.
constexpr unsigned default_http2_connections = 2;
/// More than this only costs memory and descriptors.
constexpr unsigned most_connections = 128;
/// Fewer make no pull.
constexpr unsigned least_requests = 4;

constexpr std::chrono::milliseconds interval{250};
constexpr double least_gain = 1.1;
constexpr unsigned rest_without_gain = 8;
constexpr unsigned rest_after_push = 20;
/// What a request is worth besides its bytes: with small bodies their number is what counts.
constexpr double work_of_request = 16 * 1024;

}  // namespace

unsigned request_width(std::uint32_t asked, bool http2) {
  if (asked != 0) return std::min(asked, most_requests);
  return http2 ? default_http2_connections * default_streams : default_connections;
}

WidthRange width_range(std::uint32_t asked, bool http2) {
  const unsigned width = request_width(asked, http2);
  if (asked != 0) return {width, width};
  return {.least = least_requests, .most = http2 ? most_requests : most_connections};
}

ConnectionLimits connection_limits(std::uint32_t asked, std::uint64_t descriptors) {
  const auto affordable = std::max<std::uint64_t>(descriptors / 4, least_requests);
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
  const bool paid = state.proven == 0 || sample.throughput > state.best * least_gain;
  if (!paid) return {.width = state.proven, .rest = rest_without_gain};
  state.proven = state.width;
  state.best = sample.throughput;
  state.width = std::min(range.most, state.width + std::max(1U, state.width / 2));
  return state;
}

void WidthControl::raise(unsigned width, WidthRange range) {
  range_ = range;
  state_ = {.width = std::max(state_.width, width)};
}

bool WidthControl::finished(std::uint64_t bytes, bool saturated, Time now) {
  if (since_ == Time{}) since_ = now;
  work_ += static_cast<double>(bytes) + work_of_request;
  saturated_ = saturated_ || saturated;
  if (now - since_ < interval) return false;
  const double seconds = std::chrono::duration<double>(now - since_).count();
  const unsigned before = state_.width;
  state_ = next_width(
      state_, {.throughput = work_ / seconds, .saturated = saturated_, .pushed_back = pushed_back_},
      range_);
  since_ = now;
  work_ = 0;
  saturated_ = pushed_back_ = false;
  return state_.width != before;
}

}  // namespace xylem::fetcher
