#pragma once

/// \file
/// Refs that somebody else moves while a pull fetches.

#include "pull/targets.hpp"
#include "repo/refs/change_refs.hpp"

namespace xylem::pull {

/// The ref that a target is written to; there must be one.
repo::AnyRef as_any_ref(const PullTarget& target);

/// For the publication of a target, under the lock on refs. A ref that is not where the pull found
/// it only moves forward: throws Error(Conflict), which says who has moved it and to what, unless
/// the new commit is newer than what is there now; with a timestamp check that is not strict, a
/// commit of the same time will do. `repo` is borrowed.
repo::RefCheck not_overtaken(const repo::Repo& repo, const PullTarget& target);

}  // namespace xylem::pull
