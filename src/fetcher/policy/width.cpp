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

}  // namespace xylem::fetcher
