#pragma once

/// \file
/// Making directories in a repository: their permissions are ours, and not left to the umask, which
/// can only take some away.

#include <sys/stat.h>

#include "base/os/fd.hpp"

namespace xylem::repo {

/// Permissions of a new directory in `parent`: 0755, and writable by the group if `parent` is
/// shared with a group, too. Never writable by everybody. Pure.
mode_t dir_mode_in(const struct stat& parent);

/// False if the name is taken. Throws Error(Io).
bool make_repo_dir(const PathAt& path);
/// Makes all missing components of a relative or absolute path. Throws Error(Io).
void make_repo_dirs(const PathAt& path);

/// As above, of a relative path, and never out of `path.dir`: the last directory, open. Throws
/// Error(InvalidArgument) if a symlink leads out.
UniqueFd make_repo_dirs_beneath(const PathAt& path);

}  // namespace xylem::repo
