#include "cli/frame/help_layout.hpp"

#include <fmt/format.h>

#include <sstream>

namespace xylem::cli {

namespace {

/// Narrower texts are not read, but spelt.
constexpr std::size_t least_text = 30;
constexpr std::size_t indent_below = 6;

}  // namespace

std::string wrap(std::string_view text, std::size_t columns, std::size_t indent) {
  std::istringstream words{std::string(text)};
  std::string result;
  std::size_t column = indent;
  for (std::string word; words >> word;) {
    if (column > indent && column + 1 + word.size() > columns) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

std::string help_entry(const std::string& label, const std::string& text, std::size_t width,
                       std::size_t columns) {
  const std::string start = "  " + label;
  if (text.empty()) return start + '\n';
  const bool narrow = width + least_text > columns;
  const std::size_t indent = narrow ? indent_below : width;
  const std::string body = wrap(text, columns, indent);
  if (!narrow && start.size() + 2 <= width) return fmt::format("{:<{}}{}\n", start, width, body);
  return fmt::format("{}\n{}{}\n", start, std::string(indent, ' '), body);
}

}  // namespace xylem::cli
