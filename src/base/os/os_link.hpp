#pragma once

/// \file
/// Hard links to open files, through the same seam as os.hpp.

#include "base/os/fd.hpp"

namespace xylem::os {

/// Gives an open file one more name: whatever its old names lead to by now, the file that was
/// looked at is the one that is linked. `fd` may be opened with O_PATH. Returns 0, or why it cannot
/// be in errno terms: EEXIST, EXDEV, EPERM, EMLINK or ENOENT; anything else throws Error(Io).
int try_link_fd(FileDescriptor fd, const PathAt& to);

}  // namespace xylem::os
