#pragma once

#include <map>
#include <memory>

#include "base/os/fd.hpp"
#include "base/stream.hpp"
#include "delta/format/superblock.hpp"

namespace xylem::delta {

/// A delta in a directory: the superblock, signed or not, and its parts inline or in files beside
/// it. Movable.
class DeltaFile {
 public:
  /// `path` is the superblock, or a directory in which it is called so. Throws Error(NotFound),
  /// Error(Corrupt), Error(Io).
  explicit DeltaFile(const PathAt& path);

  const Superblock& superblock() const { return superblock_; }
  bool is_signed() const { return !signed_bytes_.empty(); }
  /// What was signed, and the signatures; both empty if it is not signed.
  ByteView signed_bytes() const { return signed_bytes_; }
  const object::Dict& signatures() const { return signatures_; }

  /// The file of part `index`. Borrows from this. Throws Error(NotFound).
  std::unique_ptr<ByteSource> open_part(std::size_t index) const;

 private:
  UniqueFd dir_;
  Bytes bytes_;
  ByteView signed_bytes_;
  object::Dict signatures_;
  Superblock superblock_;
  std::map<std::size_t, ByteView> inline_parts_;
};

}  // namespace xylem::delta
