#include "base/os/fd_source.hpp"

#include "base/os/os.hpp"

namespace xylem {

std::size_t FdSource::read(MutableByteView buffer) {
  const std::size_t count = os::read_at(fd_, buffer, offset_);
  offset_ += count;
  return count;
}

}  // namespace xylem
