#pragma once

/// \file
/// The Range header (RFC 9110, 14.1.2): one range of bytes. Pure.

#include <cstdint>
#include <optional>
#include <string_view>

namespace xylem::server {

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  bool operator==(const ByteRange&) const = default;
};

enum class RangeKind {
  Whole,          ///< No range, several, or one that makes no sense: send the whole file.
  Part,           ///< Send `range`.
  Unsatisfiable,  ///< Begins behind the end of the file.
};

struct RangeChoice {
  RangeKind kind = RangeKind::Whole;
  ByteRange range{};

  bool operator==(const RangeChoice&) const = default;
};

/// `header` is the text of the Range header, empty if there is none.
RangeChoice choose_range(std::string_view header, std::uint64_t file_size);

}  // namespace xylem::server
