#pragma once

#include <string>
#include <string_view>

namespace xylem::object {

/// Why this is no name of a directory entry (is_valid_file_name() in names.hpp), in libostree's
/// words.
std::string file_name_problem(std::string_view name);

}  // namespace xylem::object
