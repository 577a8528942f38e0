#pragma once

#include <cstdint>

#include "base/os/fd.hpp"

namespace xylem {

/// Bytes that a file, or a directory with all that is below it, takes on disk; 0 if it is not
/// there. A file with several names counts once for each. What vanishes meanwhile is passed over.
/// Follows no symlinks. Throws Error(Io).
std::uint64_t disk_usage(const PathAt& path);

}  // namespace xylem
