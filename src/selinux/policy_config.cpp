#include "selinux/policy_config.hpp"

#include <algorithm>

namespace xylem::selinux {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t start = text.find_first_not_of(blanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char wanted, char found) {
           return wanted == (found >= 'A' && found <= 'Z' ? found - 'A' + 'a' : found);
         });
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
