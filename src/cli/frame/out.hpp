#pragma once

/// \file
/// Standard output for text that holds what others wrote: see base/printable.hpp.

#include <fmt/format.h>

#include <cstdio>
#include <string_view>

namespace xylem::cli {

/// To standard error. Where that cannot be written to nobody can be told, and nothing fails:
/// fmt::print() would throw.
template <typename... Arguments>
void print_note(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  std::fputs(fmt::format(format, std::forward<Arguments>(arguments)...).c_str(), stderr);
}

/// Text for people, in lines: escaped wherever it goes.
void print_prose(std::string_view text);

/// One line with names, that scripts read, too: escaped on a terminal, and as it is elsewhere. Ends
/// with `end`; a line that ends with a null character is never escaped.
void print_names(std::string_view line, char end = '\n');

}  // namespace xylem::cli
