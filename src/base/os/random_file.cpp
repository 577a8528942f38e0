#include "base/os/random_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/os/os.hpp"
#include "xylem/error.hpp"

namespace xylem {

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

}  // namespace xylem
