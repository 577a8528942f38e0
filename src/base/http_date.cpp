#include "base/http_date.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace xylem {

namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int number_at(std::string_view text, std::size_t start, std::size_t size) {
  int value = -1;
  const char* first = text.data() + start;
  const auto [end, error] = std::from_chars(first, first + size, value);
  return error == std::errc() && end == first + size ? value : -1;
}

}  // namespace

std::string format_http_date(std::time_t time) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", parts);
}

std::optional<std::time_t> parse_http_date(std::string_view text) {
  constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != form.size()) return std::nullopt;
  const auto month = std::ranges::find(months, text.substr(8, 3));
  std::tm parts{};
  parts.tm_mday = number_at(text, 5, 2);
  parts.tm_mon = static_cast<int>(month - months.begin());
  parts.tm_year = number_at(text, 12, 4) - 1900;
  parts.tm_hour = number_at(text, 17, 2);
  parts.tm_min = number_at(text, 20, 2);
  parts.tm_sec = number_at(text, 23, 2);
  const std::time_t time = timegm(&parts);
  // Only a valid date is formatted back to the same text.
  return format_http_date(time) == text ? std::optional(time) : std::nullopt;
}

}  // namespace xylem
