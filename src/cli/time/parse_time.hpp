#pragma once

/// \file
/// Room `cli/time`: dates in words, such as `3 days ago`. Knows nothing of commands, repositories.

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

namespace xylem::cli {

/// Seconds since the epoch that a person means, as `date --date` and `ostree` understand it:
/// "@1700000000", "2026-11-21T08:28:13Z", "2026-11-21 08:28 +0100", "21 Nov 2026", "October 25
/// 1985", "Sat Nov 21 08:28:13 UTC 2026", "yesterday", "next monday", "1 week ago", "last month
/// 12:00". Without a zone local time is meant. A date or a weekday without a time means midnight; a
/// span keeps the time of `now`. Parts may stand in any order. nullopt for anything else.
std::optional<std::int64_t> parse_time(const std::string& text, std::time_t now);

}  // namespace xylem::cli
