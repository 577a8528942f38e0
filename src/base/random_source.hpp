#pragma once

/// \file
/// Bytes of which any stretch can be read at any time, without saying whether they are in memory or
/// in a file.

#include "base/stream.hpp"

namespace xylem {

/// A stretch of bytes within something larger.
struct Stretch {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  /// Whether it lies within so many bytes.
  constexpr bool fits(std::uint64_t total) const {
    return offset <= total && size <= total - offset;
  }
  constexpr std::uint64_t end() const { return offset + size; }
  bool operator==(const Stretch&) const = default;
};

/// Throws Error(Corrupt) unless the stretch lies within `total` bytes.
void require_within(Stretch stretch, std::uint64_t total);

/// Thread-safe.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Fills all of `buffer` from `offset` on. Throws Error(Corrupt) if that is not within size(), or
  /// the file has become shorter; Error(Io).
  virtual void read_at(MutableByteView buffer, std::uint64_t offset) const = 0;
};

class RandomMemory : public RandomSource {
 public:
  /// `bytes` are borrowed.
  explicit RandomMemory(ByteView bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  void read_at(MutableByteView buffer, std::uint64_t offset) const override;

 private:
  ByteView bytes_;
};

/// One stretch of a source, from its begin to its end.
class StretchSource : public ByteSource {
 public:
  /// Borrows `source`. Throws Error(Corrupt) unless the stretch lies within it.
  StretchSource(const RandomSource& source, Stretch stretch);
  std::size_t read(MutableByteView buffer) override;
  std::uint64_t left() const { return rest_.size; }

 private:
  const RandomSource& source_;
  Stretch rest_;
};

/// As above, of the whole source.
inline StretchSource whole(const RandomSource& source) {
  return {source, {0, source.size()}};
}

}  // namespace xylem
