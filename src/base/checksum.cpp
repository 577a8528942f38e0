#include "base/checksum.hpp"

#include <fmt/format.h>

#include "xylem/error.hpp"

namespace xylem {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

}  // namespace

std::optional<Checksum> Checksum::from_hex(std::string_view hex) {
  if (hex.size() != hex_size) return std::nullopt;
  std::array<std::uint8_t, size> bytes{};
  for (std::size_t i = 0; i < size; ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return Checksum(bytes);
}

Checksum Checksum::parse(std::string_view hex) {
  if (auto checksum = from_hex(hex)) return *checksum;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("'{}' is not a checksum (64 lower-case hexadecimal digits)", hex));
}

std::optional<Checksum> Checksum::from_bytes(ByteView bytes) {
  if (bytes.size() != size) return std::nullopt;
  std::array<std::uint8_t, size> copy{};
  std::memcpy(copy.data(), bytes.data(), size);
  return Checksum(copy);
}

std::string Checksum::hex() const {
  std::string text;
  text.reserve(hex_size);
  for (const std::uint8_t byte : bytes_) {
    text += hex_digits[byte >> 4];
    text += hex_digits[byte & 15];
  }
  return text;
}

}  // namespace xylem
