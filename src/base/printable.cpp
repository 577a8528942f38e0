#include "base/printable.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <iterator>

namespace xylem {

namespace {

enum class Breaks { Escape, Keep, Indent };

/// Characters that have no shape but an effect: those that turn the direction of writing, and those
/// that break lines.
bool is_invisible_effect(gunichar letter) {
  constexpr gunichar line_separator = 0x2028;
  constexpr gunichar last_direction = 0x202e;
  constexpr gunichar first_isolate = 0x2066;
  constexpr gunichar last_isolate = 0x2069;
  return (letter >= line_separator && letter <= last_direction) || letter == 0x200e ||
         letter == 0x200f || letter == 0x061c || letter == 0xfeff ||
         (letter >= first_isolate && letter <= last_isolate);
}

void append_escape(std::string& result, gunichar letter) {
  constexpr gunichar one_byte = 0x100;
  const auto out = std::back_inserter(result);
  if (letter < one_byte)
    fmt::format_to(out, "\\x{:02x}", letter);
  else
    fmt::format_to(out, "\\u{{{:x}}}", letter);
}

/// Appends the first character of `text`, and returns how many bytes it has.
std::size_t append_first(std::string& result, std::string_view text, Breaks breaks) {
  const gunichar letter = g_utf8_get_char_validated(text.data(), static_cast<gssize>(text.size()));
  constexpr gunichar no_character = 0xfffffffd;  // and above: what GLib has for bad bytes
  if (text.front() == '\0' || letter >= no_character) {
    append_escape(result, static_cast<unsigned char>(text.front()));
    return 1;
  }
  const auto size = static_cast<std::size_t>(g_utf8_next_char(text.data()) - text.data());
  const bool stays = breaks != Breaks::Escape && (letter == '\n' || letter == '\t');
  if (!stays && (g_unichar_iscntrl(letter) || is_invisible_effect(letter)))
    append_escape(result, letter);
  else
    result.append(text.substr(0, size));
  if (breaks == Breaks::Indent && letter == '\n') result.append("  ");
  return size;
}

std::string escape(std::string_view text, Breaks breaks) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) text.remove_prefix(append_first(result, text, breaks));
  return result;
}

}  // namespace

std::string printable(std::string_view text) {
  return escape(text, Breaks::Escape);
}

std::string printable_lines(std::string_view text) {
  return escape(text, Breaks::Keep);
}

std::string printable_message(std::string_view text) {
  return escape(text, Breaks::Indent);
}

}  // namespace xylem
