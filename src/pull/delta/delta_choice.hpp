#pragma once

/// \file
/// What it costs to have objects by a delta, or one by one. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xylem::pull {

/// What still has to be fetched.
struct TransferCost {
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
  bool operator==(const TransferCost&) const = default;
};

/// Bytes that a request is worth: headers both ways, and its share of the round trips.
constexpr std::uint64_t bytes_per_request = 2048;

/// In bytes; UINT64_MAX with overflow.
std::uint64_t weight(const TransferCost& cost);

/// Bytes that a file which nobody tells the size of takes on the wire when `content_size` is what
/// it and others take together, inflated: half of that, which is what deflate makes of programs.
std::uint64_t estimated_wire_size(std::uint64_t content_size);

/// The cheapest of `deltas` if it is no dearer than `loose`, else nullopt.
std::optional<std::size_t> cheapest(const std::vector<TransferCost>& deltas,
                                    const TransferCost& loose);

/// "3 requests, 12.3 MB".
std::string describe(const TransferCost& cost);

}  // namespace xylem::pull
