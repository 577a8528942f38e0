#include "base/stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xylem/error.hpp"

namespace xylem {

std::size_t MemorySource::read(MutableByteView buffer) {
  const std::size_t count = std::min(buffer.size(), rest_.size());
  std::copy_n(rest_.begin(), count, buffer.begin());
  rest_ = rest_.subspan(count);
  return count;
}

Bytes read_all(ByteSource& source, std::uint64_t limit) {
  Bytes bytes;
  std::size_t used = 0;
  for (;;) {
    bytes.resize(std::max<std::size_t>(used + 4096, used * 2));
    const std::size_t count = source.read(MutableByteView(bytes).subspan(used));
    if (count == 0) break;
    used += count;
    if (used > limit)
      throw Error(ErrorKind::Corrupt, fmt::format("More than the {} bytes allowed", limit));
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace xylem
