#include "delta/format/byte_order.hpp"

#include <algorithm>

namespace xylem::delta {

std::uint32_t reordered(std::uint32_t little, ByteOrder order) {
  return order == ByteOrder::Little ? little : __builtin_bswap32(little);
}

std::uint64_t reordered(std::uint64_t little, ByteOrder order) {
  return order == ByteOrder::Little ? little : __builtin_bswap64(little);
}

std::optional<ByteOrder> byte_order_of_tag(std::uint8_t tag) {
  for (const ByteOrder order : {ByteOrder::Little, ByteOrder::Big})
    if (tag == static_cast<std::uint8_t>(order)) return order;
  return std::nullopt;
}

ByteOrder guess_byte_order(std::span<const std::uint64_t> sizes) {
  std::uint64_t largest_little = 0;
  std::uint64_t largest_big = 0;
  for (const std::uint64_t size : sizes) {
    largest_little = std::max(largest_little, size);
    largest_big = std::max(largest_big, reordered(size, ByteOrder::Big));
  }
  return largest_big < largest_little ? ByteOrder::Big : ByteOrder::Little;
}

}  // namespace xylem::delta
