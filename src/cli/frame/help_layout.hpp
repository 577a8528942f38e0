#pragma once

/// \file
/// Text in columns, as pure functions.

#include <cstddef>
#include <string>
#include <string_view>

namespace xylem::cli {

/// Broken between words so that no line is longer than `columns`, but for longer words; lines after
/// the first begin with `indent` blanks. Without a newline at the end.
std::string wrap(std::string_view text, std::size_t columns, std::size_t indent);

/// "  LABEL   TEXT", the text from column `width` on; below a label that is too long for that, and
/// where little is left of the line.
std::string help_entry(const std::string& label, const std::string& text, std::size_t width,
                       std::size_t columns);

}  // namespace xylem::cli
