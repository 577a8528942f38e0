#pragma once

#include <cstdint>

namespace xylem::object {

/// Throws Error(Corrupt) unless the mode is of a directory, with permission,
/// setuid, setgid and sticky bits only.
void validate_dir_mode(std::uint32_t mode);

/// Throws Error(Corrupt) unless the mode is of a regular file or symlink, with permission,
/// setuid, setgid and sticky bits only.
void validate_file_mode(std::uint32_t mode);

}  // namespace xylem::object
