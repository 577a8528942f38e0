#pragma once

/// \file
/// Values of options, checked. Each function throws UsageError for a text that is not one.

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

}  // namespace xylem::cli
