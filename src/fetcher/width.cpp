#include "fetcher/width.hpp"

#include <algorithm>

namespace xylem::fetcher {

namespace {

constexpr unsigned default_connections = 32;
constexpr unsigned default_streams = 128;
/// More than this only costs memory and descriptors.
constexpr unsigned most_requests = 512;
constexpr unsigned most_connections = 128;

}  // namespace

unsigned request_width(std::uint32_t asked, bool http2) {
  if (asked != 0) return std::min(asked, most_requests);
  return http2 ? default_streams : default_connections;
}

ConnectionLimits connection_limits(std::uint32_t asked) {
  const unsigned connections = asked == 0 ? default_connections : std::min(asked, most_connections);
  const unsigned streams = asked == 0 ? default_streams : std::min(asked, most_requests);
  return {.per_host = static_cast<long>(connections), .streams = static_cast<long>(streams)};
}

}  // namespace xylem::fetcher
