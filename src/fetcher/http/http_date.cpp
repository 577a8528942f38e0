#include "fetcher/http/http_date.hpp"

#include <curl/curl.h>
#include <fmt/chrono.h>

#include <ctime>

namespace xylem::fetcher {

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  const std::int64_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
  return seconds < 0 ? std::nullopt : std::optional(seconds);
}

std::string format_http_date(std::int64_t seconds) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(static_cast<time_t>(seconds)));
}

}  // namespace xylem::fetcher
