#include "sign/gpg/openpgp.hpp"

#include <glib.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace xylem::sign {

namespace {

constexpr unsigned signature_tag = 2;
constexpr unsigned public_key_tag = 6;
constexpr unsigned public_subkey_tag = 14;

struct Packet {
  unsigned tag = 0;
  std::size_t size = 0;    ///< With its header.
  std::size_t header = 0;  ///< Its size.
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
  return Packet{(bytes[0] >> 2) & 15U, 1 + count + *size, 1 + count};
}

std::optional<Packet> new_packet(ByteView bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const unsigned tag = bytes[0] & 63U;
  const std::size_t first = bytes[1];
  if (first < 192) return Packet{tag, 2 + first, 2};
  if (first < 224) {
    const auto second = number_at(bytes, 2, 1);
    if (!second) return std::nullopt;
    return Packet{tag, 3 + ((first - 192) << 8) + *second + 192, 3};
  }
  if (first != 255) return std::nullopt;  // partial lengths: not for signatures
  const auto size = number_at(bytes, 2, 4);
  if (!size) return std::nullopt;
  return Packet{tag, 6 + *size, 6};
}

std::optional<Packet> next_packet(ByteView bytes) {
  if ((bytes[0] & 0x80U) == 0) return std::nullopt;
  return (bytes[0] & 0x40U) != 0 ? new_packet(bytes) : old_packet(bytes);
}

/// The time in a packet with a public key. Its header ends where the version is, which is 4 or
/// more; of older keys nobody is told the time.
std::optional<std::int64_t> creation_time(ByteView packet, std::size_t header) {
  constexpr unsigned oldest_version = 4;
  const auto version = number_at(packet, header, 1);
  const auto time = number_at(packet, header + 1, 4);
  if (!version || *version < oldest_version || !time) return std::nullopt;
  return static_cast<std::int64_t>(*time);
}

bool is_key(const Packet& packet) {
  return packet.tag == public_key_tag || packet.tag == public_subkey_tag;
}

}  // namespace

std::optional<std::int64_t> youngest_key(ByteView bytes) {
  std::optional<std::int64_t> youngest;
  while (!bytes.empty()) {
    const auto packet = next_packet(bytes);
    if (!packet || packet->size > bytes.size()) return youngest;
    if (is_key(*packet)) youngest = std::max(youngest, creation_time(bytes, packet->header));
    bytes = bytes.subspan(packet->size);
  }
  return youngest;
}

Bytes without_armor(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  const auto begin = text.find("-----BEGIN PGP");
  if (begin == text.npos) return Bytes(bytes.begin(), bytes.end());
  auto body = text.find("\n\n", begin);
  if (body == text.npos) body = text.find("\r\n\r\n", begin);
  if (body == text.npos) return {};
  const auto end = std::min(text.find("\n=", body), text.find("-----END", body));
  gsize size = 0;
  const std::unique_ptr<guchar, decltype(&g_free)> decoded(
      g_base64_decode(std::string(text.substr(body, end - body)).c_str(), &size), &g_free);
  return Bytes(decoded.get(), decoded.get() + size);
}

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
