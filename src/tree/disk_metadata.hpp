#pragma once

/// \file
/// Owner, mode and extended attributes of files on disk, as objects store them.

#include <sys/stat.h>

#include "base/os/fd.hpp"
#include "object/dirtree.hpp"
#include "object/file_header.hpp"
#include "tree/commit_filter.hpp"

namespace xylem::tree {

Ownership ownership_of(const struct stat& info);
Ownership ownership_of(const object::FileHeader& header);
Ownership ownership_of(const object::DirMeta& meta);

object::DirMeta make_dirmeta(const Ownership& ownership, object::Xattrs xattrs);
object::FileHeader make_header(const Ownership& ownership, object::Xattrs xattrs);

/// All extended attributes, sorted as checksums want them. By name: no symlink is followed.
object::Xattrs read_xattrs(FileDescriptor fd);
object::Xattrs read_xattrs(const PathAt& path);

/// Opens what was a regular file a moment ago; never follows a symlink, never waits for the other
/// end of a pipe. Throws Error(InvalidArgument) if it is no regular file any more.
UniqueFd open_regular(const PathAt& path);

}  // namespace xylem::tree
