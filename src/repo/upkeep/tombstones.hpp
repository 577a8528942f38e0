#pragma once

/// \file
/// Tombstones: they say that a commit was deleted on purpose.

#include "repo/repo.hpp"

namespace xylem::repo {

/// Turns on `core.tombstone-commits`: whoever deletes a commit leaves a tombstone from now on.
/// `held` is the exclusive repository lock.
void enable_tombstones(Repo& repo, const RepoLock& held);

/// Durable on return, unless the repository does without.
void write_tombstone(const Repo& repo, const Checksum& commit);

}  // namespace xylem::repo
