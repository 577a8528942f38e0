#pragma once

/// \file
/// How many requests and connections there may be at once. Pure.

#include <cstdint>

#include "fetcher/curl/curl_loop.hpp"
#include "fetcher/policy/width_control.hpp"

namespace xylem::fetcher {

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
