#pragma once

/// \file
/// White space and case of ASCII text, whatever the locale: for what others wrote, such as headers,
/// keys, lists and units.

#include <algorithm>
#include <string>
#include <string_view>

namespace xylem {

constexpr std::string_view white_space = " \t\r\n";

/// Without white space at both ends.
inline std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(white_space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

constexpr char lower_letter(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}
inline std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), lower_letter);
  return text;
}

}  // namespace xylem
