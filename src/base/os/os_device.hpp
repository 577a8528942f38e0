#pragma once

#include <sys/types.h>

#include "base/os/fd.hpp"

namespace xylem::os {

/// Makes the character device 0:0, by which overlayfs says that a name is gone, with exactly these
/// permissions; false if the name is taken. Linux lets everybody make it since 5.8.
bool try_make_whiteout(const PathAt& path, mode_t permissions);

}  // namespace xylem::os
