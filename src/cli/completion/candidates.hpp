#pragma once

/// \file
/// What the shell may offer at the cursor.

#include <string>
#include <vector>

#include "cli/completion/cursor.hpp"

namespace xylem::cli {

/// Lines for the scripts in completion/: a word, which takes the place of the one at the cursor,
/// with a tab and its description if it has one; or ":files" or ":directories", which ask the shell
/// for names on the disk. A word that ends with "=" or ":" is not complete yet. `repo` is the path
/// of the repository; its names are left out if it cannot be read.
std::vector<std::string> candidates(const Cursor& cursor, const std::string& repo);

}  // namespace xylem::cli
