#pragma once

/// \file
/// Dates as HTTP writes them (RFC 9110, 5.6.7, IMF-fixdate). Independent of the locale.

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace xylem {

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string format_http_date(std::time_t time);
/// nullopt for anything that format_http_date() does not make, HTTP's obsolete forms included.
std::optional<std::time_t> parse_http_date(std::string_view text);

}  // namespace xylem
