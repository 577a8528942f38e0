#pragma once

/// \file
/// A directory tree in memory: what a disk holds, or would hold after a power cut.

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/os/os_metadata.hpp"

namespace xylem::test {

/// Number of a file, directory or symlink in an image; one that is gone keeps its own.
using Inode = std::uint32_t;
constexpr Inode root_inode = 0;
constexpr Inode no_inode = ~Inode{0};

/// Device and inode number of the real file.
using FileId = std::pair<dev_t, ino_t>;
using FileIds = std::map<FileId, Inode>;

struct Attributes {
  mode_t mode = 0;  ///< With the type.
  uid_t uid = 0;
  gid_t gid = 0;
  time_t mtime = 0;
  std::vector<os::ExtendedAttribute> xattrs;
};

/// Of a real file, by a path that is not followed if it is a symlink.
Attributes read_attributes(const std::string& path);
/// As above, of an open file.
Attributes read_attributes(FileDescriptor fd);

struct Node {
  Attributes attributes;
  std::shared_ptr<const Bytes> content = std::make_shared<Bytes>();  ///< Or a symlink's target.
  std::map<std::string, Inode> entries;                              ///< Of a directory.
};

/// Cheap to copy: content is shared. The node with the number 0 is the root directory.
struct DiskImage {
  std::vector<Node> nodes;

  /// Reads the tree at `path`, and tells which real file became which node.
  static DiskImage read(const std::string& path, FileIds& ids);
  /// Makes the tree at `path`, which must not exist; tells as above. Flushes nothing.
  void write(const std::string& path, FileIds& ids) const;

  /// The same for the same tree, whatever the numbers. Times do not count; nor does what lies in
  /// the entry `without` of the root.
  std::size_t hash(const std::string& without = {}) const;
};

}  // namespace xylem::test
