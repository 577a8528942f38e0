#include "base/random_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xylem/error.hpp"

namespace xylem {

void require_within(Stretch stretch, std::uint64_t total) {
  if (!stretch.fits(total))
    throw Error(ErrorKind::Corrupt, fmt::format("Offset {} with length {} is outside {}",
                                                stretch.offset, stretch.size, total));
}

void RandomMemory::read_at(MutableByteView buffer, std::uint64_t offset) const {
  require_within({offset, buffer.size()}, bytes_.size());
  std::ranges::copy(bytes_.subspan(offset, buffer.size()), buffer.begin());
}

StretchSource::StretchSource(const RandomSource& source, Stretch stretch)
    : source_(source), rest_(stretch) {
  require_within(stretch, source.size());
}

std::size_t StretchSource::read(MutableByteView buffer) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), rest_.size));
  source_.read_at(buffer.first(count), rest_.offset);
  rest_ = {rest_.offset + count, rest_.size - count};
  return count;
}

}  // namespace xylem
