#pragma once

/// \file
/// Where bytes come from, without saying whether that is memory or a file.

#include "base/bytes.hpp"

namespace xylem {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills the front of `buffer`; 0 means the end. Throws Error.
  virtual std::size_t read(MutableByteView buffer) = 0;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(ByteView bytes) : rest_(bytes) {}
  std::size_t read(MutableByteView buffer) override;

 private:
  ByteView rest_;
};

/// Reads all that is left; throws Error(Corrupt) past `limit` bytes.
Bytes read_all(ByteSource& source, std::uint64_t limit);

/// Size of the buffers that streams are copied through.
constexpr std::size_t stream_buffer_size = 128 * 1024;
/// As above, for a stream of `size` bytes: most are small.
constexpr std::size_t buffer_size_for(std::uint64_t size) {
  return size < stream_buffer_size ? static_cast<std::size_t>(size) + 1 : stream_buffer_size;
}

}  // namespace xylem
