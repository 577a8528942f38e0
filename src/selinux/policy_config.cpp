#include "selinux/policy_config.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace xylem::selinux {

namespace {

bool starts_with_word(std::string_view text, std::string_view word) {
  return lower_case(std::string(text.substr(0, word.size()))) == word;
}

}  // namespace

PolicyConfig parse_policy_config(std::string_view text) {
  constexpr std::string_view state_key = "SELINUX=";
  constexpr std::string_view type_key = "SELINUXTYPE=";
  PolicyConfig config;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(type_key)) {
      config.type = trimmed(line.substr(type_key.size()));
    } else if (line.starts_with(state_key)) {
      const std::string_view state = line.substr(state_key.size());
      config.enabled =
          starts_with_word(state, "enforcing") || starts_with_word(state, "permissive");
    }
  }
  return config;
}

}  // namespace xylem::selinux
