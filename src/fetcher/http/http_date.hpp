#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xylem::fetcher {

/// Seconds since the epoch of a date in a header (RFC 9110, 5.6.7); nullopt if it is none.
std::optional<std::int64_t> parse_http_date(std::string_view text);
/// "Sat, 21 Nov 2026 11:20:01 GMT", in any locale.
std::string format_http_date(std::int64_t seconds);

}  // namespace xylem::fetcher
