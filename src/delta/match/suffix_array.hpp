#pragma once

#include <vector>

#include "base/bytes.hpp"

namespace xylem::delta {

/// Finds in `text` the longest copy of what other bytes begin with. Takes five bytes of memory for
/// each of the text, with the text. Finding is thread-safe.
class SuffixArray {
 public:
  /// Borrows `text`, which has fewer than max_text bytes.
  explicit SuffixArray(ByteView text);

  struct Match {
    std::size_t position = 0;  ///< In the text.
    std::size_t size = 0;
  };
  /// The longest, or one that is not much shorter if it is longer than some thousand bytes.
  Match longest(ByteView wanted) const;

  static constexpr std::uint64_t max_text = 0x7fffffff;

 private:
  std::size_t bucket_of(ByteView bytes) const;
  int compare(std::size_t index, ByteView wanted) const;

  ByteView text_;
  std::vector<std::int32_t> sorted_;
  /// Where the suffixes begin whose first two bytes are such, so that a search begins near its end.
  std::vector<std::uint32_t> buckets_;
};

/// How many bytes both begin with.
std::size_t common_prefix(ByteView a, ByteView b);

}  // namespace xylem::delta
