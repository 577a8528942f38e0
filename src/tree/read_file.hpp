#pragma once

#include "tree/walk.hpp"

namespace xylem::tree {

/// Opens the regular file at `path` of a commit, following symlinks within the commit: an absolute
/// target starts at its root, and ".." ends there. Throws Error(NotFound),
/// Error(InvalidArgument) for a directory or a loop of symlinks.
repo::LoadedFile read_file(const repo::Repo& repo, const Checksum& commit, const std::string& path);

}  // namespace xylem::tree
