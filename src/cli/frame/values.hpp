#pragma once

/// \file
/// Values of options, checked. Each function throws UsageError for a text that is not one.

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/frame/options.hpp"

namespace xylem::cli {

struct IntegerRange {
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int32_t>::max();
};

/// Decimal digits, perhaps behind a "-"; nothing else.
std::int64_t parse_integer(std::string_view option, std::string_view text, IntegerRange range);

/// Bytes: digits, then perhaps K, M, G or T (powers of 1000, as progress shows them) or KiB, MiB,
/// GiB or TiB (powers of 1024), in any case and perhaps with a B: "500", "1.5M", "2GiB".
std::uint64_t parse_size(std::string_view option, std::string_view text);

/// Seconds: digits, then perhaps s, m, h or d: "90", "5m", "1.5h".
std::chrono::seconds parse_duration(std::string_view option, std::string_view text);

/// "NAME=VALUE" at the first "=".
std::pair<std::string, std::string> parse_key_value(std::string_view option,
                                                    const std::string& text);

/// A user or group as --owner-uid and --owner-gid give it: a negative number stands for nobody.
std::optional<std::uint32_t> owner_id(std::int64_t id);

/// "1", "true", "yes", "0", "false", "no" or "none", in any case. Throws UsageError that names the
/// text.
bool parse_boolean(std::string_view text);

/// What is between the separators; nothing for an empty text or behind a separator at the end.
std::vector<std::string> split(const std::string& text, char separator);

/// Declares an option that stores such an integer in `value`.
template <typename Integer>
CLI::Option* add_integer(CLI::App& command, const std::string& name, Integer& value,
                         IntegerRange range, const std::string& description,
                         const std::string& value_name) {
  return add_value(
      command, name,
      [&value, name, range](const std::string& text) {
        value = static_cast<Integer>(parse_integer(name, text, range));
      },
      description, value_name);
}

/// Declares an option that stores such a size, or such a number of seconds, in `value`.
template <typename Integer>
CLI::Option* add_size(CLI::App& command, const std::string& name, Integer& value,
                      const std::string& description) {
  return add_value(
      command, name,
      [&value, name](const std::string& text) {
        value = static_cast<Integer>(parse_size(name, text));
      },
      description, "SIZE");
}
template <typename Integer>
CLI::Option* add_duration(CLI::App& command, const std::string& name, Integer& value,
                          const std::string& description) {
  return add_value(
      command, name,
      [&value, name](const std::string& text) {
        value = static_cast<Integer>(parse_duration(name, text).count());
      },
      description, "TIME");
}

}  // namespace xylem::cli
