#pragma once

#include <cstdint>

namespace xylem {

/// UINT64_MAX where the sum does not fit: for sizes that others tell.
constexpr std::uint64_t saturating_sum(std::uint64_t left, std::uint64_t right) {
  return left > UINT64_MAX - right ? UINT64_MAX : left + right;
}

}  // namespace xylem
