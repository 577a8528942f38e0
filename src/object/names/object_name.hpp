#pragma once

/// \file
/// Room `object/names`: the names of objects, refs, remotes and files: which are valid, and how
/// they are written. Knows nothing of what objects contain.
///
/// What kinds of objects there are and how their files are called.

#include <optional>
#include <string>
#include <string_view>

#include "base/codec/checksum.hpp"

namespace xylem::object {

/// The numbers are libostree's (OstreeObjectType): deltas and ostree.sizes store them.
enum class ObjectType : std::uint8_t {
  File = 1,
  DirTree = 2,
  DirMeta = 3,
  Commit = 4,
  TombstoneCommit = 5,
  CommitMeta = 6,
  PayloadLink = 7,
  FileXattrs = 8,
  FileXattrsLink = 9,
};

/// Commit, dirtree, dirmeta, tombstone and commitmeta: a serialised GVariant and nothing else.
bool is_metadata(ObjectType type) noexcept;

/// "file", "dirtree", "commit", … as in file names of every mode but archive.
std::string_view extension(ObjectType type) noexcept;
std::optional<ObjectType> type_from_extension(std::string_view extension) noexcept;

struct ObjectName {
  Checksum checksum;
  ObjectType type = ObjectType::File;

  /// "<checksum>.<type>", for messages.
  std::string text() const;
  auto operator<=>(const ObjectName&) const = default;
};

/// Largest metadata object that is read or fetched unless an option says otherwise
/// (OSTREE_MAX_METADATA_SIZE).
constexpr std::uint64_t default_max_metadata_size = 128ULL * 1024 * 1024;

}  // namespace xylem::object

template <>
struct std::hash<xylem::object::ObjectName> {
  std::size_t operator()(const xylem::object::ObjectName& name) const noexcept {
    return std::hash<xylem::Checksum>{}(name.checksum) ^ static_cast<std::size_t>(name.type);
  }
};
