#include "cli/frame/values.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sstream>

#include "base/text.hpp"
#include "cli/frame/usage_error.hpp"

namespace xylem::cli {

std::int64_t parse_integer(std::string_view option, std::string_view text, IntegerRange range) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::invalid_argument || (error == std::errc() && stop != end))
    throw UsageError(fmt::format("Cannot parse integer value '{}' for {}", text, option));
  if (error != std::errc() || value < range.least || value > range.most)
    throw UsageError(fmt::format("Integer value '{}' for {} out of range: {} to {}", text, option,
                                 range.least, range.most));
  return value;
}

namespace {

/// A number with an optional fraction, and what is behind it. Throws UsageError with `rule`.
std::pair<double, std::string> split_unit(std::string_view option, std::string_view text,
                                          std::string_view rule) {
  const std::size_t digits = text.find_first_not_of("0123456789.");
  const std::string_view number = text.substr(0, digits);
  double value = 0;
  const char* end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, value);
  if (number.empty() || error != std::errc() || stop != end)
    throw UsageError(fmt::format("Invalid value '{}' for {}: {}", text, option, rule));
  const std::string_view unit = digits == std::string_view::npos ? "" : text.substr(digits);
  return {value, lower_case(std::string(unit))};
}

double size_of_unit(const std::string& unit) {
  constexpr std::string_view letters = "kmgt";
  if (unit.empty() || unit == "b") return 1;
  const std::size_t power = letters.find(unit.front());
  const std::string suffix = unit.substr(1);
  const bool binary = suffix == "i" || suffix == "ib";
  if (power == std::string_view::npos || (!binary && !suffix.empty() && suffix != "b")) return 0;
  return std::pow(binary ? 1024.0 : 1000.0, static_cast<double>(power + 1));
}

double seconds_of_unit(const std::string& unit) {
  if (unit.empty() || unit == "s") return 1;
  if (unit == "m" || unit == "min") return 60;
  if (unit == "h") return 3600;
  return unit == "d" ? 86400 : 0;
}

}  // namespace

std::uint64_t parse_size(std::string_view option, std::string_view text) {
  constexpr std::string_view rule = "give bytes, such as 500000, 500K, 1.5M or 2GiB";
  constexpr double most = 9e18;
  const auto [number, unit] = split_unit(option, text, rule);
  const double size = number * size_of_unit(unit);
  if (size_of_unit(unit) == 0 || size > most)
    throw UsageError(fmt::format("Invalid value '{}' for {}: {}", text, option, rule));
  return static_cast<std::uint64_t>(size);
}

std::chrono::seconds parse_duration(std::string_view option, std::string_view text) {
  constexpr std::string_view rule = "give seconds, or a time such as 90s, 5m or 1.5h";
  constexpr double most = std::numeric_limits<std::int32_t>::max();
  const auto [number, unit] = split_unit(option, text, rule);
  const double seconds = number * seconds_of_unit(unit);
  if (seconds_of_unit(unit) == 0 || seconds > most)
    throw UsageError(fmt::format("Invalid value '{}' for {}: {}", text, option, rule));
  return std::chrono::seconds(static_cast<std::int64_t>(seconds));
}

std::pair<std::string, std::string> parse_key_value(std::string_view option,
                                                    const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError(
        fmt::format("Missing '=' in {}: '{}' is not of the form NAME=VALUE", option, text));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::optional<std::uint32_t> owner_id(std::int64_t id) {
  if (id < 0) return std::nullopt;
  return static_cast<std::uint32_t>(id);
}

bool parse_boolean(std::string_view text) {
  const std::string value(text);
  const auto is = [&](const char* word) { return ::strcasecmp(value.c_str(), word) == 0; };
  constexpr std::array yes{"1", "true", "yes"};
  constexpr std::array no{"0", "false", "no", "none"};
  if (std::any_of(yes.begin(), yes.end(), is)) return true;
  if (std::any_of(no.begin(), no.end(), is)) return false;
  throw UsageError(fmt::format("Invalid boolean argument '{}'", text));
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

}  // namespace xylem::cli
