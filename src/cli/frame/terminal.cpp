#include "cli/frame/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"

namespace xylem::cli {

namespace {

constexpr std::size_t default_columns = 80;

std::string_view variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string_view() : text;
}

std::size_t columns_from_environment() {
  const std::string_view text = variable("COLUMNS");
  std::size_t columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  return columns;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to);
}

}  // namespace

std::size_t terminal_columns() {
  if (const std::size_t columns = columns_from_environment(); columns > 0) return columns;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return default_columns;
}

bool has_cursor() {
  const std::string_view terminal = variable("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && terminal != "dumb";
}

bool shows_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string locale = lower_case(std::string(variable(name)));
    if (!locale.empty()) return locale.find("utf-8") != locale.npos || locale.ends_with("utf8");
  }
  return false;
}

std::string in_locale(std::string text) {
  struct Replacement {
    std::string_view from;
    std::string_view to;
  };
  constexpr std::array<Replacement, 6> replacements{{{"\u201c", "\""},
                                                     {"\u201d", "\""},
                                                     {"\u2018", "'"},
                                                     {"\u2019", "'"},
                                                     {"\u2026", "..."},
                                                     {"\u00a0", " "}}};
  if (shows_utf8()) return text;
  for (const auto& [from, to] : replacements) replace_all(text, from, to);
  return text;
}

}  // namespace xylem::cli
