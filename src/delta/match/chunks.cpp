#include "delta/match/chunks.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace xylem::delta {

namespace {

constexpr std::uint64_t smallest_average = 64;
constexpr std::uint64_t largest_average = 8192;
/// So many chunks describe a file well.
constexpr std::uint64_t good_count = 8192;

/// A random number for each byte, the same on every machine (splitmix64).
constexpr std::array<std::uint64_t, 256> make_gears() {
  std::array<std::uint64_t, 256> gears{};
  std::uint64_t state = 0;
  for (std::uint64_t& gear : gears) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    gear = mixed ^ mixed >> 31;
  }
  return gears;
}

constexpr auto gears = make_gears();

constexpr std::uint64_t hash_start = 0xcbf29ce484222325;
constexpr std::uint64_t hash_factor = 0x100000001b3;

/// The upper bits depend on the last 64 bytes, the lower ones on fewer.
std::uint64_t mask_of(std::uint64_t average) {
  const int bits = std::countr_zero(average);
  return ~std::uint64_t{0} << (64 - bits);
}

}  // namespace

Chunks::Chunks(ByteSource& content, std::uint64_t size, std::uint64_t average)
    : source_(content),
      average_(average),
      mask_(mask_of(average)),
      buffer_(buffer_size_for(size)) {}

std::uint64_t Chunks::average_for(std::uint64_t size) {
  const std::uint64_t wanted = std::bit_ceil(size / good_count + 1);
  return std::clamp(wanted, smallest_average, largest_average);
}

bool Chunks::refill() {
  next_ = 0;
  filled_ = source_.read(buffer_);
  return filled_ > 0;
}

/// A rolling hash ("gear"): each byte shifts what was before out to the left.
std::optional<Chunk> Chunks::next() {
  Chunk chunk{{offset_, 0}, hash_start};
  std::uint64_t rolling = 0;
  for (;;) {
    if (next_ == filled_ && !refill()) break;
    const std::uint8_t byte = buffer_[next_++];
    rolling = (rolling << 1) + gears[byte];
    chunk.hash = (chunk.hash ^ byte) * hash_factor;
    ++chunk.place.size;
    if (chunk.place.size < average_ / 4) continue;
    if ((rolling & mask_) == 0 || chunk.place.size == 4 * average_) break;
  }
  if (chunk.place.size == 0) return std::nullopt;
  offset_ += chunk.place.size;
  return chunk;
}

}  // namespace xylem::delta
