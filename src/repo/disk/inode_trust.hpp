#pragma once

/// \file
/// "May I trust this inode?": who can change a file after it was looked at. The owner of an inode
/// can, and so can whoever its mode lets write; a checksum says nothing of tomorrow. Nothing
/// becomes an object, is linked, taken over or vouched for, unless this says yes; all else is
/// copied, and the copy is checked.

#include <sys/stat.h>
#include <sys/types.h>

#include <optional>

#include "base/os/fd.hpp"

namespace xylem::repo {

/// Whose changes count as our own: this process's user and root, and the group with which a
/// repository is shared on purpose.
struct Keepers {
  uid_t user = 0;
  gid_t own_group = 0;         ///< Of the files that this process makes.
  std::optional<gid_t> group;  ///< Shared with it.
};

/// The group with which a directory is shared on purpose: its mode lets the group write, but not
/// everybody. Members can then replace all that is in it anyway. Pure.
std::optional<gid_t> shared_group(const struct stat& dir);

/// Of the repository whose `objects/` this is.
Keepers keepers_of(FileDescriptor objects);
/// Of what no group shares: this process's user and root.
Keepers only_us();

/// Whether only the keepers can change it, a file or a directory. Pure.
bool only_keepers_write(const struct stat& inode, const Keepers& keepers);

/// The decision: a regular file that only the keepers can change. `by_design` are the permissions
/// that the object's own header demands: a file that is meant to be writable by a group may be so
/// by ours, as a copy would be. The number of links does not matter. Pure.
bool may_trust(const struct stat& inode, const Keepers& keepers, mode_t by_design = 0);

/// As may_trust(), of what has been published: in a repository that is shared on purpose any member
/// may own it. Pure.
bool may_stay(const struct stat& inode, const Keepers& keepers, mode_t by_design = 0);

}  // namespace xylem::repo
