#include "sign/openpgp.hpp"

#include <optional>

namespace xylem::sign {

namespace {

constexpr unsigned signature_tag = 2;

struct Packet {
  unsigned tag = 0;
  std::size_t size = 0;  ///< With its header.
};

/// The big-endian number in the `count` bytes from `position` on.
std::optional<std::size_t> number_at(ByteView bytes, std::size_t position, std::size_t count) {
  if (bytes.size() < position + count) return std::nullopt;
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[position + i];
  return value;
}

std::optional<Packet> old_packet(ByteView bytes) {
  const unsigned length_type = bytes[0] & 3U;
  if (length_type == 3) return std::nullopt;  // up to the end of the file: not for signatures
  const std::size_t count = std::size_t{1} << length_type;
  const auto size = number_at(bytes, 1, count);
  if (!size) return std::nullopt;
  return Packet{(bytes[0] >> 2) & 15U, 1 + count + *size};
}

std::optional<Packet> new_packet(ByteView bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const unsigned tag = bytes[0] & 63U;
  const std::size_t first = bytes[1];
  if (first < 192) return Packet{tag, 2 + first};
  if (first < 224) {
    const auto second = number_at(bytes, 2, 1);
    if (!second) return std::nullopt;
    return Packet{tag, 3 + ((first - 192) << 8) + *second + 192};
  }
  if (first != 255) return std::nullopt;  // partial lengths: not for signatures
  const auto size = number_at(bytes, 2, 4);
  if (!size) return std::nullopt;
  return Packet{tag, 6 + *size};
}

std::optional<Packet> next_packet(ByteView bytes) {
  if ((bytes[0] & 0x80U) == 0) return std::nullopt;
  return (bytes[0] & 0x40U) != 0 ? new_packet(bytes) : old_packet(bytes);
}

}  // namespace

bool is_detached_signature(ByteView bytes) {
  if (bytes.empty()) return false;
  while (!bytes.empty()) {
    const auto packet = next_packet(bytes);
    if (!packet || packet->tag != signature_tag || packet->size > bytes.size()) return false;
    bytes = bytes.subspan(packet->size);
  }
  return true;
}

}  // namespace xylem::sign
