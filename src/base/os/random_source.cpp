#include "base/os/random_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/os/os.hpp"
#include "xylem/error.hpp"

namespace xylem {

namespace {

void require_within(Stretch stretch, std::uint64_t total) {
  if (!stretch.fits(total))
    throw Error(ErrorKind::Corrupt, fmt::format("Byte {} and {} from there on are not within {}",
                                                stretch.offset, stretch.size, total));
}

}  // namespace

void RandomMemory::read_at(MutableByteView buffer, std::uint64_t offset) const {
  require_within({offset, buffer.size()}, bytes_.size());
  std::ranges::copy(bytes_.subspan(offset, buffer.size()), buffer.begin());
}

RandomFile::RandomFile(FileDescriptor fd, std::uint64_t start) : fd_(fd), start_(start) {
  const auto size = static_cast<std::uint64_t>(os::stat(fd).st_size);
  size_ = size - std::min(size, start);
}

void RandomFile::read_at(MutableByteView buffer, std::uint64_t offset) const {
  require_within({offset, buffer.size()}, size_);
  if (os::read_at(fd_, buffer, start_ + offset) < buffer.size())
    throw Error(ErrorKind::Corrupt,
                fmt::format("{} has become shorter while it was read", os::path_of(fd_)));
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
