#pragma once

/// \file
/// Giving up system calls, by the kernel's seccomp.

namespace xylem {

/// Whether files may get the bits with which they run as another user: only objects of a bare
/// repository need them.
enum class SetIdFiles { Refused, Allowed };

/// From now on the calling thread, and the threads and processes that it starts, can make only the
/// system calls that a pull needs (needed_calls.hpp); others are refused with EPERM. So nothing
/// traces or tunes other processes, mounts, loads kernel code, makes namespaces, uses io_uring or
/// shared memory, types into a terminal, or speaks raw to the network. For good: there is no way
/// back for this thread; others are not concerned. Returns false if the kernel has no filters;
/// throws Error(Io) if it refuses this one.
bool forbid_unneeded_calls(SetIdFiles set_id_files = SetIdFiles::Refused);

}  // namespace xylem
