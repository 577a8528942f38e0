#include "pull/delta/delta_choice.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>

#include "base/glib.hpp"

namespace xylem::pull {

std::uint64_t weight(const TransferCost& cost) {
  std::uint64_t requests = 0;
  std::uint64_t sum = 0;
  if (__builtin_mul_overflow(cost.requests, bytes_per_request, &requests) ||
      __builtin_add_overflow(requests, cost.bytes, &sum))
    return UINT64_MAX;
  return sum;
}

std::uint64_t estimated_wire_size(std::uint64_t content_size) {
  return content_size / 2;
}

std::optional<std::size_t> cheapest(const std::vector<TransferCost>& deltas,
                                    const TransferCost& loose) {
  const auto best = std::ranges::min_element(deltas, {}, weight);
  if (best == deltas.end() || weight(*best) > weight(loose)) return std::nullopt;
  return static_cast<std::size_t>(best - deltas.begin());
}

std::string describe(const TransferCost& cost) {
  const GStringPtr size(g_format_size(cost.bytes));
  return fmt::format("{} requests, {}", cost.requests, size.get());
}

}  // namespace xylem::pull
