#pragma once

#include <cstdint>

#include "base/os/fd.hpp"

namespace xylem::fetcher {

/// Told of a body that goes to a file, while it comes, by whoever writes to it. On the fetcher's
/// thread. Nothing may be thrown but by announced().
class BodyWatcher {
 public:
  virtual ~BodyWatcher() = default;

  /// So many bytes more will be written to a file; told anew by each try, before it writes, and
  /// again when more comes of a body whose size is not known. Throws Error(NoSpace) to refuse them.
  virtual void announced(std::uint64_t /*more*/) {}

  /// The body goes to `file`, which is borrowed and holds its first `size` of `total` bytes
  /// already. Told again, of the same file, whenever another try goes on with it.
  virtual void goes_to(FileDescriptor file, std::uint64_t size, std::uint64_t total) noexcept = 0;
  /// The file has the first `size` bytes now.
  virtual void grew(std::uint64_t size) noexcept = 0;
  /// What the file holds is void: the body comes anew, in this file or in another one.
  virtual void starts_over() noexcept = 0;
};

}  // namespace xylem::fetcher
