#pragma once

/// \file
/// Giving up system calls, by the kernel's seccomp.

namespace xylem {

/// From now on the calling thread, and the threads and processes that it starts, are refused
/// (EPERM) what no pull needs: to trace processes, mount, load kernel code, make namespaces, use
/// io_uring, type into a terminal, speak raw to the network. For good: there is no way back for
/// this thread; others are not concerned. Returns false if the kernel has no filters; throws
/// Error(Io) if it refuses this one.
bool forbid_unneeded_calls();

}  // namespace xylem
