#include "base/utc_date.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace xylem {

std::string utc_date(std::uint64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return fmt::format("@{}", seconds);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", parts);
}

}  // namespace xylem
