#pragma once

#include <map>
#include <optional>

#include "delta/format/superblock.hpp"

namespace xylem::delta {

/// The superblock of a delta with the bytes that it is read from, in an envelope or not. Movable.
class DeltaBytes {
 public:
  /// Throws what parse_superblock() throws.
  explicit DeltaBytes(Bytes bytes);

  const Superblock& superblock() const { return superblock_; }
  std::size_t size() const { return bytes_.size(); }

  bool is_signed() const { return !signed_bytes_.empty(); }
  /// What was signed, and the signatures; both empty if it is not signed.
  ByteView signed_bytes() const { return signed_bytes_; }
  const object::Dict& signatures() const { return signatures_; }

  /// A part that is inline, as its file would be, borrowed from this; nullopt if it is not.
  std::optional<ByteView> inline_part(std::size_t index) const;

 private:
  Bytes bytes_;
  ByteView signed_bytes_;
  object::Dict signatures_;
  Superblock superblock_;
  std::map<std::size_t, ByteView> inline_parts_;
};

}  // namespace xylem::delta
