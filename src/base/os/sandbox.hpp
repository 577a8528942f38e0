#pragma once

/// \file
/// Giving up the right to write, by the kernel's Landlock.

#include <string>
#include <vector>

namespace xylem {

/// The version of Landlock that the running kernel has; 0 if it has none, or it is switched off.
int landlock_version() noexcept;

/// From now on the calling thread, and the threads and processes that it starts, can make, change
/// and remove files only at or below these paths, and gain no privileges by what they execute. They
/// may read everything. For good: there is no way back for this thread; others are not concerned.
/// Paths that do not exist are left out. Throws Error(Unsupported) if there is no Landlock,
/// Error(Io) if the kernel refuses.
void confine_writes(const std::vector<std::string>& paths);

}  // namespace xylem
