#pragma once

/// \file
/// Owner, mode, times and extended attributes, through the same seam as os.hpp.

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/os/fd.hpp"

namespace xylem::os {

void set_mode(FileDescriptor fd, mode_t mode);
/// As above, but looks first: changing a file that has the mode already costs more.
void ensure_mode(FileDescriptor fd, mode_t mode);
void set_owner(FileDescriptor fd, uid_t uid, gid_t gid);
/// Does not follow a symlink.
void set_owner(const PathAt& path, uid_t uid, gid_t gid);
/// Sets access and modification time, in seconds since the epoch.
void set_mtime(FileDescriptor fd, time_t seconds);
/// As above, by name; does not follow a symlink.
void set_mtime(const PathAt& path, time_t seconds);
/// Access and modification time become now; false if there is nothing of that name.
bool touch(const PathAt& path);

struct ExtendedAttribute {
  std::string name;
  Bytes value;
};

/// All attributes of a file; empty where the file system has none.
std::vector<ExtendedAttribute> list_xattrs(FileDescriptor fd);
/// As above, by name; does not follow a symlink.
std::vector<ExtendedAttribute> list_xattrs(const PathAt& path);
/// nullopt if the file does not have it, or the file system has none.
std::optional<Bytes> try_get_xattr(FileDescriptor fd, const std::string& name);
/// As above, by name; does not follow a symlink.
std::optional<Bytes> try_get_xattr(const PathAt& path, const std::string& name);
void set_xattr(FileDescriptor fd, const std::string& name, ByteView value);
/// As above, by name; does not follow a symlink.
void set_xattr(const PathAt& path, const std::string& name, ByteView value);
/// False where the file system, or the kind of file, cannot have this attribute.
bool try_set_xattr(FileDescriptor fd, const std::string& name, ByteView value);
void remove_xattr(FileDescriptor fd, const std::string& name);

}  // namespace xylem::os
