#include "cli/frame/values.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

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
