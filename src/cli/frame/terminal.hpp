#pragma once

/// \file
/// What the terminal, or whatever is there in its place, can show.

#include <cstddef>
#include <string>

namespace xylem::cli {

/// Columns to use: $COLUMNS, else the terminal's, else 80.
std::size_t terminal_columns();
/// Whether the terminal understands sequences that move the cursor.
bool has_cursor();
/// Whether the locale's characters are those of UTF-8.
bool shows_utf8();
/// Quotes, dots and blanks that are not in ASCII become those that are, where the locale wants it.
std::string in_locale(std::string text);

}  // namespace xylem::cli
