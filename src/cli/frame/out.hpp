#pragma once

/// \file
/// Standard output for text that holds what others wrote: see base/printable.hpp.

#include <string_view>

namespace xylem::cli {

/// Text for people, in lines: escaped wherever it goes.
void print_prose(std::string_view text);

/// One line with names, that scripts read, too: escaped on a terminal, and as it is elsewhere. Ends
/// with `end`; a line that ends with a null character is never escaped.
void print_names(std::string_view line, char end = '\n');

}  // namespace xylem::cli
