#pragma once

/// \file
/// Room `delta/format`: static deltas as bytes, both ways: superblock, envelope, index, payload,
/// operations, patches. Knows nothing of files, repositories, HTTP.
///
/// The superblock says what a delta is:
/// `(a{sv}tayay(a{sv}aya(say)sstayay)aya(uayttay)a(yaytt))`.

#include <map>
#include <optional>
#include <vector>

#include "delta/format/byte_order.hpp"
#include "delta/format/delta_name.hpp"
#include "object/names/object_name.hpp"
#include "object/variant/variant.hpp"

namespace xylem::delta {

constexpr char superblock_type[] = "(a{sv}tayay(a{sv}aya(say)sstayay)aya(uayttay)a(yaytt))";

/// `(uayttay)`.
struct PartHeader {
  std::uint32_t version = 0;
  Checksum checksum;               ///< Of the part file, which begins with its compression.
  std::uint64_t size = 0;          ///< Bytes of the part file.
  std::uint64_t content_size = 0;  ///< Of all its objects together; the payload may be far larger.
  std::vector<object::ObjectName> objects;  ///< In the order in which the operations make them.
  bool operator==(const PartHeader&) const = default;
};

/// `(yaytt)`: an object that no part has, to be fetched by itself.
struct Fallback {
  object::ObjectName object;
  std::uint64_t stored_size = 0;   ///< In the repository that made the delta.
  std::uint64_t content_size = 0;  ///< Inflated.
  bool operator==(const Fallback&) const = default;
};

struct Superblock {
  /// Also has parts that are inline, and the target's detached metadata.
  object::Dict metadata;
  ByteOrder order = ByteOrder::Little;
  bool order_is_guessed = false;  ///< It has no tag.
  std::uint64_t timestamp = 0;    ///< When it was made, in seconds since the epoch.
  std::optional<Checksum> from;   ///< Without it the delta needs nothing.
  Checksum to;
  Bytes commit;                   ///< The commit object `to`; its checksum is right.
  std::size_t recurse_count = 0;  ///< Further deltas that were meant to be needed. Nobody does.
  std::vector<PartHeader> parts;
  std::vector<Fallback> fallbacks;

  DeltaName name() const { return {from, to}; }
};

/// Borrows `bytes`, which must outlive the superblock. Throws Error(Corrupt) for what is not a
/// superblock, for a commit that is not `to`, and for objects that no delta may bring: those of
/// other types, and commits, which would be there without ever having been verified.
Superblock parse_superblock(ByteView bytes);

/// Throws Error(Corrupt) unless the superblock is that of `asked`: servers, and who stands between,
/// may send another one.
void require_name(const Superblock& superblock, const DeltaName& asked);

/// The parts that are in the superblock itself, by number, each as the file of the part would be.
/// Borrowed from the superblock's bytes.
std::map<std::size_t, ByteView> inline_parts(const Superblock& superblock);

/// The target's detached metadata as it was when the delta was made.
std::optional<object::Dict> detached_metadata(const Superblock& superblock);

/// Writes `metadata` as it is: the tag of the order is up to the caller. `recurse_count` is not
/// written.
Bytes serialize_superblock(const Superblock& superblock);

namespace superblock_key {
constexpr char endianness[] = "ostree.endianness";
/// Of ours, `at` in big-endian: bytes of the payload of each part. Peers pass over it.
constexpr char payload_sizes[] = "xylem.payload-sizes";
}  // namespace superblock_key

}  // namespace xylem::delta
