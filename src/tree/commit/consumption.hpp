#pragma once

/// \file
/// Deleting what a commit took from directories, and no more.

#include "base/os/fd.hpp"
#include "tree/seen_files.hpp"

namespace xylem::tree {

/// Deletes the files and symlinks that still are what was committed, then the directories that are
/// empty, but not ".". What others added, changed or left out of the commit stays. Carries on past
/// what cannot be removed, and then throws one Error.
void consume(const std::vector<SeenDir>& roots);

/// Throws Error(InvalidArgument) if one of the two directories is within the other.
void require_apart(const std::string& path, FileDescriptor repository);
/// For each directory of a tree, as mounts can bring the repository in: throws
/// Error(InvalidArgument) if `info` is that of the repository.
void require_other(const struct stat& info, const std::string& path, FileDescriptor repository);

}  // namespace xylem::tree
