#pragma once

#include <string_view>

namespace xylem::cli {

/// What `serve` has for a path.
enum class ServedPath {
  Nothing,  ///< No client of a repository reads it.
  File,     ///< An object, a ref, the summary, a delta, …
  Config,   ///< Clients read the mode in it: it is served without all else.
};

/// What clients of a repository read, in a repository at the root or in a directory below it. Pure.
ServedPath served_path(std::string_view path);

}  // namespace xylem::cli
