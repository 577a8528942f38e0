#pragma once

/// \file
/// Text that others wrote, on its way to a terminal or a log: what could move the cursor, change
/// colours, turn the direction of writing or hide a line is shown as an escape. Pure; takes any
/// bytes.

#include <string>
#include <string_view>

namespace xylem {

/// As one line: control characters are shown as `\x1b` or `\u{202e}`, bytes that are no UTF-8 as
/// `\xff`. All else stays as it is.
std::string printable(std::string_view text);

/// As above, of several lines: line breaks and tabs stay.
std::string printable_lines(std::string_view text);

/// As above; the second line and those behind it begin with two blanks, so that none of them can
/// pass for a message of its own.
std::string printable_message(std::string_view text);

}  // namespace xylem
