#pragma once

/// \file
/// Dates as HTTP writes them (RFC 9110, 5.6.7, IMF-fixdate). Independent of the locale.

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace xylem::server {

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string format_http_date(std::time_t time);
/// nullopt for anything else than what format_http_date() makes; HTTP's obsolete forms, too.
std::optional<std::time_t> parse_http_date(std::string_view text);

}  // namespace xylem::server
