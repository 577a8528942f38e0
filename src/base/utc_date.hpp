#pragma once

#include <cstdint>
#include <string>

namespace xylem {

/// "2026-11-30 18:30:00 UTC", from seconds since the epoch; "@SECONDS" for what is no date.
std::string utc_date(std::uint64_t seconds);

}  // namespace xylem
