#include "cli/frame/boolean_value.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <string>

#include "cli/frame/usage_error.hpp"

namespace xylem::cli {

bool parse_boolean(std::string_view text) {
  const std::string value(text);
  const auto is = [&](const char* word) { return ::strcasecmp(value.c_str(), word) == 0; };
  constexpr std::array yes{"1", "true", "yes"};
  constexpr std::array no{"0", "false", "no", "none"};
  if (std::any_of(yes.begin(), yes.end(), is)) return true;
  if (std::any_of(no.begin(), no.end(), is)) return false;
  throw UsageError(fmt::format("Invalid boolean argument '{}'", text));
}

}  // namespace xylem::cli
