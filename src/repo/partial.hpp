#pragma once

/// \file
/// `.commitpartial` markers (invariant 4): a commit that has one may lack objects.

#include <map>
#include <vector>

#include "base/codec/checksum.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

class Repo;

enum class CommitState { Complete, Partial, PartialByFsck };

/// State of a commit that is in objects/.
CommitState commit_state(const Repo& repo, const Checksum& commit);
/// Whether the commit is in objects/ or a parent, and not marked.
bool is_complete(const Repo& repo, const Checksum& commit);

/// Durable on return (unless `fsync` is off).
void mark_partial(Repo& repo, const Checksum& commit, CommitState why = CommitState::Partial,
                  bool fsync = true);
void unmark_partial(Repo& repo, const Checksum& commit);
/// In no order; those of parents are not listed. A commit may be marked that is not there.
std::vector<Checksum> list_partial(const Repo& repo);
/// Markers that are no regular file, or cannot be read, with the reason. They mark all the same.
std::map<Checksum, Error> bad_markers(const Repo& repo);
/// Those that fsck marked: they were complete once. Sorted.
std::vector<Checksum> list_broken(const Repo& repo);

}  // namespace xylem::repo
