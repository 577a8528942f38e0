#pragma once

/// \file
/// For the sources of the seam only: what every way of opening a file shares.

#include <fcntl.h>

#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"

namespace xylem::os {

constexpr int always_flags = O_CLOEXEC | O_NOCTTY;

/// Opens by `real`, which gets all flags.
template <typename Real>
int open_observed(const PathAt& path, int flags, Real real) {
  const Operation operation = (flags & O_CREAT) != 0 ? Operation::Create : Operation::Open;
  const int all_flags = flags | always_flags;
  return static_cast<int>(observed({.operation = operation, .path = &path, .flags = all_flags},
                                   [&] { return real(all_flags); }));
}

}  // namespace xylem::os
