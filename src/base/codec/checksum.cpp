#include "base/codec/checksum.hpp"

#include <fmt/format.h>

#include <cstring>
#include <random>

#include "xylem/error.hpp"

namespace xylem {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

/// The value of each character as a hexadecimal digit, -1 of others.
constexpr std::array<std::int8_t, 256> hex_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::int8_t value = 0; value < 16; ++value)
    values[static_cast<unsigned char>(hex_digits[value])] = value;
  return values;
}();

int hex_value(char digit) {
  return hex_values[static_cast<unsigned char>(digit)];
}

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

/// The finalizer of SplitMix64: each bit of the result depends on each bit of `value`.
std::uint64_t mix(std::uint64_t value) noexcept {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
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
  // Most callers make a name of it.
  constexpr std::size_t room_for_more = 32;
  std::string text;
  text.reserve(hex_size + room_for_more);
  for (const std::uint8_t byte : bytes_) {
    text += hex_digits[byte >> 4];
    text += hex_digits[byte & 15];
  }
  return text;
}

std::size_t hash_value(const Checksum& checksum) noexcept {
  static const std::uint64_t seed = random_seed();
  std::array<std::uint64_t, Checksum::size / sizeof(std::uint64_t)> words{};
  std::memcpy(words.data(), checksum.bytes().data(), Checksum::size);
  std::uint64_t value = seed;
  for (const std::uint64_t word : words) value = mix(value ^ word);
  return value;
}

}  // namespace xylem
