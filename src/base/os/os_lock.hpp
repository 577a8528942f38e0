#pragma once

/// \file
/// Open-file-description locks: they belong to a descriptor, so two opens of one file exclude each
/// other even within a process, and the kernel drops them when their holder dies.

#include <sys/types.h>

#include "base/os/fd.hpp"

namespace xylem::os {

enum class LockMode { Shared, Exclusive };

/// Bytes that a lock covers; a size of 0 reaches to the end of any file.
struct LockRange {
  off_t start = 0;
  off_t size = 0;
};

/// Takes or converts the lock without waiting; false if somebody else's lock is in the way.
bool try_lock(FileDescriptor fd, LockMode mode, LockRange range = {});
void unlock(FileDescriptor fd, LockRange range = {});

/// Locks a directory itself, without waiting; false if somebody else's lock is in the way. Closing
/// the descriptor lets go. A flock(), as open-file-description locks want files that can be written
/// to; always succeeds on file systems that have none for directories.
bool try_lock_dir(FileDescriptor dir, LockMode mode = LockMode::Exclusive);
/// Lets go, also of what a child that was forked meanwhile shares. Never fails.
void unlock_dir(FileDescriptor dir) noexcept;
/// Whether somebody else has it locked exclusively, as far as try_lock_dir() would mind.
bool is_dir_locked(FileDescriptor dir);

/// Whether a lock of this mode would be refused now. For tests of aliveness and for messages.
bool is_locked(FileDescriptor fd, LockMode mode, LockRange range = {});

/// Process that holds a lock on the file behind `fd`, as /proc tells; 0 if unknown, as for
/// processes of other users.
pid_t lock_holder(FileDescriptor fd);

}  // namespace xylem::os
