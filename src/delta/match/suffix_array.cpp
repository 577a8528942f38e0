#include "delta/match/suffix_array.hpp"

#include <divsufsort.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace xylem::delta {

namespace {

constexpr std::size_t bucket_count = 1 << 16;
/// Suffixes are told apart by so many bytes. In a long run of zeros any place is as good as
/// another.
constexpr std::size_t max_compared = 4096;

std::uint64_t load64(const std::uint8_t* bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace

std::size_t common_prefix(ByteView a, ByteView b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= size; i += sizeof(std::uint64_t)) {
    const std::uint64_t different = load64(a.data() + i) ^ load64(b.data() + i);
    if (different == 0) continue;
    // The first byte in memory is the lowest of the number, or the highest.
    const int bits = std::endian::native == std::endian::little ? std::countr_zero(different)
                                                                : std::countl_zero(different);
    return i + static_cast<std::size_t>(bits) / 8;
  }
  while (i < size && a[i] == b[i]) ++i;
  return i;
}

SuffixArray::SuffixArray(ByteView text) : text_(text), sorted_(text.size()) {
  if (text.size() < 2) return;
  if (divsufsort(text.data(), sorted_.data(), static_cast<saidx_t>(text.size())) != 0)
    throw std::bad_alloc();
  buckets_.assign(bucket_count + 1, 0);
  for (std::size_t i = 0; i + 1 < text.size(); ++i) ++buckets_[bucket_of(text.subspan(i)) + 1];
  // The last suffix has one byte only, and is the first of those that begin with this byte.
  ++buckets_[std::size_t{text.back()} * 256 + 1];
  for (std::size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
}

std::size_t SuffixArray::bucket_of(ByteView bytes) const {
  return std::size_t{bytes[0]} * 256 + bytes[1];
}

/// The suffix against the wanted bytes: negative if it sorts before them.
int SuffixArray::compare(std::size_t index, ByteView wanted) const {
  const ByteView suffix = text_.subspan(static_cast<std::size_t>(sorted_[index]));
  const std::size_t size = std::min({suffix.size(), wanted.size(), max_compared});
  const int order = std::memcmp(suffix.data(), wanted.data(), size);
  if (order != 0) return order;
  return suffix.size() < wanted.size() && size == suffix.size() ? -1 : 0;
}

/// The longest match is one of the two suffixes between which the wanted bytes would be sorted.
SuffixArray::Match SuffixArray::longest(ByteView wanted) const {
  if (wanted.size() < 2 || buckets_.empty()) return {};
  const std::size_t bucket = bucket_of(wanted);
  std::size_t low = buckets_[bucket];
  std::size_t high = buckets_[bucket + 1];
  if (low == high) return {};
  const std::size_t first = low;
  const std::size_t end = high;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (compare(middle, wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  Match best;
  for (const std::size_t index : {low, low - 1}) {
    if (index < first || index >= end) continue;
    const auto position = static_cast<std::size_t>(sorted_[index]);
    const std::size_t size = common_prefix(text_.subspan(position), wanted);
    if (size > best.size) best = {position, size};
  }
  return best;
}

}  // namespace xylem::delta
