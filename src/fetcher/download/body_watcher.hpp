#pragma once

#include <cstdint>

#include "base/os/fd.hpp"

namespace xylem::fetcher {

/// Told of a body that goes to a file, while it comes, by whoever writes to it. On the fetcher's
/// thread. Nothing may be thrown.
class BodyWatcher {
 public:
  virtual ~BodyWatcher() = default;

  /// The body goes to `file`, which is borrowed and holds its first `size` of `total` bytes
  /// already. Told again, of the same file, whenever another try goes on with it.
  virtual void goes_to(FileDescriptor file, std::uint64_t size, std::uint64_t total) noexcept = 0;
  /// The file has the first `size` bytes now.
  virtual void grew(std::uint64_t size) noexcept = 0;
  /// What the file holds is void: the body comes anew, in this file or in another one.
  virtual void starts_over() noexcept = 0;
};

}  // namespace xylem::fetcher
