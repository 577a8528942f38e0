#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace xylem::archive {

struct EntryXattr {
  std::string name;
  Bytes value;
};

/// One header of an archive.
struct Entry {
  std::string path;        ///< As it is written there: perhaps absolute, or with "..".
  std::string hardlink;    ///< Not empty: another name of the entry with this path.
  std::string symlink;     ///< Target of a symlink.
  std::uint32_t mode = 0;  ///< With its type bits; a hard link counts as a regular file.
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;  ///< Of the content that follows. A hard link may have some, too.
  std::int64_t mtime = 0;  ///< Seconds since 1970.
  std::vector<EntryXattr> xattrs;
};

}  // namespace xylem::archive
