#pragma once

/// \file
/// The operations of a part: one byte that says which, and its numbers. They make the objects of
/// the part's list, one after the other.

#include <optional>
#include <variant>

#include "base/random_source.hpp"
#include "object/names/object_name.hpp"

namespace xylem::delta {

/// `S` for a commit, dirtree or dirmeta: a stretch of the blob is the object.
struct SpliceMetadata {
  Stretch content;
  bool operator==(const SpliceMetadata&) const = default;
};

/// `S` for a file: a stretch of the blob is its content, or the target of a symbolic link.
struct SpliceFile {
  std::uint64_t attributes = 0;  ///< Index in the part's table.
  std::uint64_t xattrs = 0;      ///< Likewise.
  Stretch content;
  bool operator==(const SpliceFile&) const = default;
};

/// `o`: a regular file begins.
struct OpenFile {
  std::uint64_t attributes = 0;
  std::uint64_t xattrs = 0;
  std::uint64_t size = 0;
  bool operator==(const OpenFile&) const = default;
};

/// `w`: appends a stretch of the read source if there is one, else of the blob.
struct Write {
  Stretch content;
  bool operator==(const Write&) const = default;
};

/// `r`: the file object whose checksum is there in the blob becomes the read source.
struct SetReadSource {
  std::uint64_t offset = 0;
  bool operator==(const SetReadSource&) const = default;
};

/// `R`: from now on there is no read source.
struct UnsetReadSource {
  bool operator==(const UnsetReadSource&) const = default;
};

/// `c`: the file is complete. Also unsets the read source.
struct CloseFile {
  bool operator==(const CloseFile&) const = default;
};

/// `B`: the whole file is what the patch, a stretch of the blob, makes of the read source.
struct ApplyPatch {
  Stretch patch;
  bool operator==(const ApplyPatch&) const = default;
};

using Operation = std::variant<SpliceMetadata, SpliceFile, OpenFile, Write, SetReadSource,
                               UnsetReadSource, CloseFile, ApplyPatch>;

/// Takes one operation off the front of `bytes`. What `S` has depends on the object that comes
/// `next`; nullopt if there is none. Throws Error(Corrupt).
Operation take_operation(ByteView& bytes, std::optional<object::ObjectType> next);

void append_operation(Bytes& bytes, const Operation& operation);

/// The operations in a stretch of a payload, which is read piece by piece.
class OperationReader {
 public:
  /// Borrows `payload`.
  OperationReader(const RandomSource& payload, Stretch operations);

  /// How many have been read, with one that could not be.
  std::uint64_t count() const { return count_; }
  /// nullopt at the end. Throws Error(Corrupt); see take_operation().
  std::optional<Operation> next(std::optional<object::ObjectType> object);

 private:
  void refill();

  StretchSource source_;
  Bytes buffer_;
  ByteView rest_;  ///< In the buffer.
  std::uint64_t count_ = 0;
};

}  // namespace xylem::delta
