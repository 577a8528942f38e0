#pragma once

/// \file
/// Whether a commit can be believed to have everything that it needs. That it has no
/// `.commitpartial` marker is not enough: libostree publishes what it finds in a staging directory
/// that a killed process left, so that a commit may come without its marker and without its files,
/// when those have been pruned meanwhile.

#include "object/commit.hpp"

namespace xylem::repo {

class Repo;

/// Whether every object below the commit's root is here; the walk stops at the first directory that
/// is not. Throws Error(Corrupt) for one that is damaged.
bool has_all_below(const Repo& repo, const object::Commit& commit);

/// Whether the commit is here, has no marker, and either has the record of this repository or, when
/// its tree is walked, lacks nothing; then it gets the record. Looking at the tree takes some
/// microseconds for each object, once. What is damaged counts as missing. Throws Error(Io).
bool is_whole(const Repo& repo, const Checksum& commit);

/// Notes that a commit has been published with everything that it needs. The record is an attribute
/// of the commit object, which vanishes with it, and names the directory `objects/`, so that
/// another repository with a hard link to the same object does not believe it. Where there are no
/// attributes, or it is not ours, there is no record.
void record_whole(const Repo& repo, const Checksum& commit) noexcept;

}  // namespace xylem::repo
