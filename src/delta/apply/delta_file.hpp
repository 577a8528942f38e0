#pragma once

#include <memory>

#include "base/os/fd.hpp"
#include "base/stream.hpp"
#include "delta/format/delta_bytes.hpp"

namespace xylem::delta {

/// A delta in a directory: the superblock, signed or not, and its parts inline or in files beside
/// it. Movable.
class DeltaFile {
 public:
  /// `path` is the superblock, or a directory in which it is called so. Throws Error(NotFound),
  /// Error(Corrupt), Error(Io).
  explicit DeltaFile(const PathAt& path);

  const Superblock& superblock() const { return bytes_.superblock(); }
  /// As those of DeltaBytes.
  bool is_signed() const { return bytes_.is_signed(); }
  ByteView signed_bytes() const { return bytes_.signed_bytes(); }
  const object::Dict& signatures() const { return bytes_.signatures(); }

  /// The file of part `index`. Borrows from this. Throws Error(NotFound).
  std::unique_ptr<ByteSource> open_part(std::size_t index) const;

 private:
  DeltaBytes bytes_;
  UniqueFd dir_;
};

}  // namespace xylem::delta
