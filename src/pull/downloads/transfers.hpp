#pragma once

/// \file
/// Transfers as others see them: from what lies in the download directories of a repository.

#include <ctime>

#include "base/os/fd.hpp"
#include "xylem/cancel.hpp"
#include "xylem/transfers.hpp"

namespace xylem::pull {

/// Of all processes, pulls first, and what is added by name at the end. Needs no lock. Throws
/// Error(Io) if `tmp` cannot be listed.
std::vector<Transfer> list_transfers(FileDescriptor tmp);

/// What the running and dead pulls of a repository say that they have received, together.
std::uint64_t bytes_of_all_pulls(FileDescriptor tmp);

/// The process of the one other pull that runs here; 0 if there is none, or there are several.
std::int64_t pid_of_other_pull(FileDescriptor tmp);

/// Asks the pull that owns the transfer to end, waits until it has, and deletes what is there of
/// the download; of a pull, all its downloads. A stale one is only deleted. Throws Error(NotFound),
/// and Error(Locked) if the owner does not react within ten seconds.
void abort_transfer(FileDescriptor tmp, const std::string& name, const CancelToken& cancel = {});

/// From what is known of its owner and its last change. Pure.
Transfer::State transfer_state(bool owned, std::time_t updated, std::time_t now);

}  // namespace xylem::pull
