#pragma once

#include "base/os/fd.hpp"
#include "base/random_source.hpp"

namespace xylem {

/// A file, from `start` on to the end that it has now. `fd` is borrowed; its position stays.
class RandomFile : public RandomSource {
 public:
  explicit RandomFile(FileDescriptor fd, std::uint64_t start = 0);
  std::uint64_t size() const override { return size_; }
  void read_at(MutableByteView buffer, std::uint64_t offset) const override;

 private:
  FileDescriptor fd_;
  std::uint64_t start_;
  std::uint64_t size_;
};

}  // namespace xylem
