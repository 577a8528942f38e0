#pragma once

/// \file
/// Replacing small files so that after a crash either the old or the new content is there.

#include <string_view>

#include "base/bytes.hpp"
#include "base/os/fd.hpp"

namespace xylem::repo {

/// Temporary name, fdatasync (unless `fsync` is off), rename, fsync of the directory. The file gets
/// exactly `mode`. Throws Error(Io).
void replace_file(const PathAt& path, ByteView content, bool fsync = true, mode_t mode = 0644);
/// As above, through a symlink if one is there, which stays: the file that it leads to is replaced
/// and keeps its owner and permissions. A new one gets 0644.
void update_file(const PathAt& path, ByteView content, bool fsync = true);
/// As replace_file(), for a symlink.
void replace_symlink(const PathAt& path, std::string_view target, bool fsync = true);

}  // namespace xylem::repo
