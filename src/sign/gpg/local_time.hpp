#pragma once

#include <cstdint>
#include <string>

namespace xylem::sign {

/// Seconds since the epoch in local time, as the locale writes it; "invalid" for a date that no
/// calendar has.
std::string local_time(std::int64_t seconds);

}  // namespace xylem::sign
