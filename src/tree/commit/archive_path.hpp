#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace xylem::tree {

/// The name of an archive's entry relative to the root of the tree, "" for the root itself. Leading
/// "/", "/../" and "./" are dropped; a "/" at the end stays. Throws Error(InvalidArgument) for "."
/// and ".." anywhere else, and for more than 4096 bytes, which no file system takes.
std::string archive_path(std::string_view name);

/// The names in it; throws as above.
std::vector<std::string> archive_path_names(std::string_view path);

}  // namespace xylem::tree
