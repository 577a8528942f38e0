#pragma once

/// \file
/// Room `object`: formats of objects and of the summary, as pure functions on bytes. Knows nothing
/// of files, networks, signatures.
///
/// Commits, their detached metadata and tombstones.

#include <optional>
#include <string>

#include "base/codec/checksum.hpp"
#include "object/variant/variant.hpp"

namespace xylem::object {

/// `(a{sv}aya(say)sstayay)`.
struct Commit {
  Dict metadata;
  std::optional<Checksum> parent;
  std::string subject;
  std::string body;
  std::uint64_t timestamp = 0;  ///< Seconds since the epoch.
  Checksum root_tree;
  Checksum root_meta;

  /// sha256(root_tree ‖ root_meta), which `ostree show` calls ContentChecksum.
  Checksum content_checksum() const;
};

Commit parse_commit(ByteView bytes);
Bytes serialize_commit(const Commit& commit);

/// Keys that commits carry (ostree-core.h).
namespace commit_key {
constexpr char ref_binding[] = "ostree.ref-binding";
constexpr char collection_binding[] = "ostree.collection-binding";
constexpr char version[] = "version";
constexpr char end_of_life[] = "ostree.endoflife";
constexpr char end_of_life_rebase[] = "ostree.endoflife-rebase";
constexpr char sizes[] = "ostree.sizes";
}  // namespace commit_key

/// Why a commit may not be used under `ref`, or nullopt if it may: with bindings (or a collection
/// id expected) the ref must be listed, and the collection must be the same.
std::optional<std::string> binding_mismatch(const Commit& commit,
                                            const std::optional<std::string>& ref,
                                            const std::optional<std::string>& collection_id);

/// Detached metadata (`.commitmeta`) and the summary's signature file: a bare `a{sv}`.
Dict parse_dict_object(ByteView bytes, std::string_view what);
Bytes serialize_dict_object(const Dict& dict);

/// Tombstone of a deleted commit: `a{sv}` with `commit`.
Bytes serialize_tombstone(const Checksum& commit);
Checksum parse_tombstone(ByteView bytes);

/// One entry of `ostree.sizes`.
struct ObjectSize {
  Checksum checksum;
  std::uint64_t archived = 0;
  std::uint64_t unpacked = 0;
  std::uint8_t type = 0;  ///< ObjectType; 0 in old commits, which means unknown.
};
/// In stored order, which libostree sorts by checksum. Empty if the commit has none; throws
/// Error(Corrupt).
std::vector<ObjectSize> sizes_of(const Commit& commit);
GVariantPtr build_sizes(std::vector<ObjectSize> sizes);

}  // namespace xylem::object
