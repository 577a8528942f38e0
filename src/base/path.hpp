#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace xylem {

/// The names in a path, without the empty ones. Views of `path`.
std::vector<std::string_view> path_components(std::string_view path);

/// "/" stays.
std::string without_trailing_slashes(std::string path);

}  // namespace xylem
