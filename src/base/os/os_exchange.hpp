#pragma once

#include "base/os/fd.hpp"

namespace xylem::os {

/// Gives each of two files or directories the name of the other, at once. False if one of them is
/// not there, or the file system cannot do it. Throws Error(Io).
bool try_exchange(const PathAt& a, const PathAt& b);

}  // namespace xylem::os
