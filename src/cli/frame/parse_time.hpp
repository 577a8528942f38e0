#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

namespace xylem::cli {

/// Seconds since the epoch that a person means with, for example, "@1700000000",
/// "2026-11-21T08:28:13Z", "2026-11-21 08:28 +0100", "Sat, 21 Nov 2026 08:28:13 +0000",
/// "Sat Nov 21 08:28:13 UTC 2026" (as `date` prints), "now", "yesterday" or "3 days ago". Without a
/// zone local time is meant; without a time, midnight. nullopt for anything else.
std::optional<std::int64_t> parse_time(const std::string& text, std::time_t now);

}  // namespace xylem::cli
