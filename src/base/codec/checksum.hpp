#pragma once

/// \file
/// Room `base/codec`: checksums and compression, as functions and as streams. Knows nothing of
/// files, threads, OSTree.

#include <array>
#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace xylem {

/// A SHA-256 digest, the name of everything in a repository.
class Checksum {
 public:
  static constexpr std::size_t size = 32;
  static constexpr std::size_t hex_size = 64;

  Checksum() = default;
  explicit Checksum(const std::array<std::uint8_t, size>& bytes) : bytes_(bytes) {}

  /// Exactly 64 lower-case hexadecimal digits, else nullopt.
  static std::optional<Checksum> from_hex(std::string_view hex);
  /// As from_hex, but throws Error(InvalidArgument) that names the text.
  static Checksum parse(std::string_view hex);
  /// Exactly 32 bytes, else nullopt.
  static std::optional<Checksum> from_bytes(ByteView bytes);

  std::string hex() const;
  ByteView bytes() const { return bytes_; }

  auto operator<=>(const Checksum&) const = default;

 private:
  std::array<std::uint8_t, size> bytes_{};
};

/// Depends on all bytes, and differs from process to process: who sends checksums cannot choose
/// them so that all fall into one place of a hash table.
std::size_t hash_value(const Checksum& checksum) noexcept;

}  // namespace xylem

template <>
struct std::hash<xylem::Checksum> {
  std::size_t operator()(const xylem::Checksum& checksum) const noexcept {
    return hash_value(checksum);
  }
};
