#pragma once

/// \file
/// Cuts content where its bytes say so: what two files have in common is cut in the same places,
/// wherever it is in them.

#include <optional>

#include "base/random_source.hpp"

namespace xylem::delta {

struct Chunk {
  Stretch place;
  std::uint64_t hash = 0;  ///< Of its bytes. Equal ones are almost certainly of equal chunks.
};

/// The chunks of a file, one after the other. Takes a buffer of memory.
class Chunks {
 public:
  /// Borrows `content`, of about `size` bytes. `average` is the size of most chunks, a power of
  /// two; they have from a quarter of it to four times as much.
  Chunks(ByteSource& content, std::uint64_t size, std::uint64_t average);
  /// nullopt at the end.
  std::optional<Chunk> next();

  /// Fits a file of this size: small enough to find what is equal between small changes, large
  /// enough that some thousand chunks describe the file.
  static std::uint64_t average_for(std::uint64_t size);

 private:
  bool refill();

  ByteSource& source_;
  std::uint64_t average_;
  std::uint64_t mask_;
  Bytes buffer_;
  std::size_t next_ = 0;  ///< In the buffer.
  std::size_t filled_ = 0;
  std::uint64_t offset_ = 0;  ///< In the content.
};

}  // namespace xylem::delta
