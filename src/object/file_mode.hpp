#pragma once

#include <cstdint>

namespace xylem::object {

/// Whether `mode` has, besides its file type, only permission, setuid, setgid and sticky bits.
bool has_valid_permissions(std::uint32_t mode) noexcept;

/// Throws Error(Corrupt) unless the mode is of a directory, with valid permissions.
void validate_dir_mode(std::uint32_t mode);

/// Throws Error(Corrupt) unless the mode is of a regular file or symlink, with valid permissions.
void validate_file_mode(std::uint32_t mode);

}  // namespace xylem::object
