#include "pull/report/bytes_left.hpp"

namespace xylem::pull {

namespace {

std::uint64_t without(std::uint64_t from, std::uint64_t part) {
  return from > part ? from - part : 0;
}

}  // namespace

std::optional<BytesLeft> bytes_left(const ContentState& state) {
  if (state.files_left == 0) return BytesLeft{};
  if (state.known_bytes_left)
    return BytesLeft{without(*state.known_bytes_left, state.bytes_arrived)};
  const std::uint64_t waiting = without(state.files_left, state.open_bodies);
  if (waiting == 0) return BytesLeft{state.bytes_awaited};
  if (state.files_fetched == 0) return std::nullopt;
  const std::uint64_t mean = state.bytes_fetched / state.files_fetched;
  return BytesLeft{state.bytes_awaited + waiting * mean, true};
}

std::optional<BytesLeft> bytes_left_of_deltas(std::uint64_t parts, std::uint64_t bytes_arrived) {
  if (parts == 0) return std::nullopt;
  return BytesLeft{without(parts, bytes_arrived)};
}

}  // namespace xylem::pull
