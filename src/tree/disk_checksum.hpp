#pragma once

/// \file
/// What checksum a file on disk would have in a repository.

#include <sys/stat.h>

#include "base/codec/checksum.hpp"
#include "base/os/fd.hpp"
#include "tree/commit_filter.hpp"

namespace xylem::tree {

struct DiskChecksumOptions {
  bool ignore_xattrs = false;
  bool canonical_permissions = false;  ///< uid and gid 0, as bare-user-only stores them.
  std::optional<std::uint32_t> owner_uid;
  std::optional<std::uint32_t> owner_gid;
};

/// Of a regular file (header and content), a symlink, or a directory (its dirmeta). Anything else
/// counts as an empty file of its mode. Follows no symlink.
Checksum disk_checksum(const PathAt& path, const struct stat& info,
                       const DiskChecksumOptions& options);

}  // namespace xylem::tree
