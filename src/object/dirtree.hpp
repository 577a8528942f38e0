#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/codec/checksum.hpp"
#include "object/xattrs.hpp"

namespace xylem::object {

/// Entries of one directory, `(a(say)a(sayay))`.
struct DirTree {
  struct File {
    std::string name;
    Checksum checksum;
    bool operator==(const File&) const = default;
  };
  struct Dir {
    std::string name;
    Checksum tree;
    Checksum meta;
    bool operator==(const Dir&) const = default;
  };
  std::vector<File> files;  ///< Sorted by name, bytewise.
  std::vector<Dir> dirs;    ///< Likewise; no name is in both.
  bool operator==(const DirTree&) const = default;
};

/// In one of the two lists; null if there is none of that name. Borrowed from the list.
template <typename Entry>
const Entry* find_entry(const std::vector<Entry>& sorted, std::string_view name) {
  const auto found = std::ranges::lower_bound(sorted, name, {}, &Entry::name);
  return found != sorted.end() && found->name == name ? &*found : nullptr;
}

/// Throws Error(Corrupt) for anything but normal form, valid names, sorted and unique lists.
DirTree parse_dirtree(ByteView bytes);
/// Sorts nothing: the lists must be sorted already.
Bytes serialize_dirtree(const DirTree& tree);

/// Owner, mode and extended attributes of a directory, `(uuua(ayay))`.
struct DirMeta {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t mode = 0;  ///< With S_IFDIR.
  Xattrs xattrs;
  bool operator==(const DirMeta&) const = default;
};

/// Throws Error(Corrupt) for a mode that is not a directory's, or xattrs unsorted or twice.
DirMeta parse_dirmeta(ByteView bytes);
Bytes serialize_dirmeta(const DirMeta& meta);

}  // namespace xylem::object
