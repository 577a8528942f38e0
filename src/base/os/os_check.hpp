#pragma once

/// \file
/// For the sources of the seam only.

#include <cerrno>
#include <string_view>

#include "base/os/os.hpp"

namespace xylem::os {

/// Throws what errno says if `result` is -1. `path` is a descriptor or a PathAt, of which the text
/// is worked out only for the message.
template <typename Path>
void check(long result, std::string_view what, const Path& path) {
  if (result == -1) fail(errno, what, path_of(path));
}

}  // namespace xylem::os
