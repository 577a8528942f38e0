#pragma once

#include "base/os/fd.hpp"
#include "base/stream.hpp"

namespace xylem {

/// Reads a borrowed descriptor from `offset` on; does not move its file position.
class FdSource : public ByteSource {
 public:
  explicit FdSource(FileDescriptor fd, std::uint64_t offset = 0) : fd_(fd), offset_(offset) {}
  std::size_t read(MutableByteView buffer) override;

 private:
  FileDescriptor fd_;
  std::uint64_t offset_;
};

}  // namespace xylem
