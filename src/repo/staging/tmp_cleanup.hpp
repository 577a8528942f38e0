#pragma once

/// \file
/// Clean-up of tmp/ after processes that ended without it.

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "base/error_list.hpp"
#include "base/os/fd.hpp"
#include "xylem/cancel.hpp"

namespace xylem::repo {

class Repo;

/// A temporary directory that a clean-up left where it is.
struct TmpEntry {
  std::string name;         ///< In tmp/.
  std::uint64_t bytes = 0;  ///< On disk.
  std::time_t modified = 0;
  bool in_use = false;  ///< Somebody holds its lock.
};

/// What a clean-up did; names are those in tmp/.
struct TmpCleanup {
  std::vector<std::string> removed;
  std::vector<std::string> in_use;  ///< Old enough to go, but somebody holds the lock.
  ErrorList failures;               ///< One for each entry that cannot be removed.
};

/// How much a clean-up takes.
enum class CleanUp {
  Unneeded,  ///< What nobody will go on with.
  Unlocked,  ///< Also young temporary directories, ours and libostree's, that nobody holds.
};

/// Removes what nobody needs any more from `tmp`: unlocked staging directories of other boots,
/// staged deletions, lock files without a directory, and anything else older than `expiry`; never a
/// directory or lock whose lock is held, and never `cache`. Goes on past entries that cannot be
/// removed; those of other users are theirs to remove, and no failure. Needs no repository lock.
/// Throws Error(Cancelled), and Error(Io) if `tmp` itself cannot be listed.
TmpCleanup clean_tmp(FileDescriptor tmp, std::chrono::seconds expiry,
                     const CancelToken& cancel = {}, CleanUp how = CleanUp::Unneeded);

/// The temporary directories in `tmp`, sorted by name, with what they weigh. Those that this user
/// cannot look into are not listed. Throws Error(Io).
std::vector<TmpEntry> list_tmp(FileDescriptor tmp);

/// As clean_tmp() for the repository's tmp/, and tries what fails a few times more, as somebody may
/// just be writing there. Idempotent. Throws Error(Io) if the repository cannot be written to.
TmpCleanup recover(const Repo& repo, const CancelToken& cancel = {},
                   CleanUp how = CleanUp::Unneeded);

}  // namespace xylem::repo
