#pragma once

/// \file
/// The bsdiff streams of deltas (those of mendsley/bsdiff without a header): records until the
/// output is full. A record is three numbers, then bytes to add to the old file, then bytes that
/// are new.

#include "base/random_source.hpp"

namespace xylem::delta {

struct BsdiffRecord {
  std::uint64_t add = 0;   ///< So many bytes are sums (mod 256) of one of the old and one of these.
  std::uint64_t copy = 0;  ///< So many bytes are as they come.
  std::int64_t seek = 0;   ///< Then the position in the old file moves on so far.
  bool operator==(const BsdiffRecord&) const = default;
};

constexpr std::size_t bsdiff_record_size = 24;

/// From exactly bsdiff_record_size bytes. Throws Error(Corrupt) for a length that is negative or
/// above max_bsdiff_run.
BsdiffRecord parse_bsdiff_record(ByteView bytes);
void append_bsdiff_record(Bytes& bytes, const BsdiffRecord& record);

/// What a patch makes of the old file, as it is read: exactly `size` bytes. Takes no more memory
/// than a buffer, whatever the sizes. read() throws Error(Corrupt) for a patch that ends too early
/// or gives more; what is behind its last needed record is ignored, as libostree does.
class BsdiffSource : public ByteSource {
 public:
  /// `patch` and `old` are borrowed. Positions outside of the old file count as zeros.
  BsdiffSource(ByteSource& patch, const RandomSource& old, std::uint64_t size);
  std::size_t read(MutableByteView buffer) override;

 private:
  void next_record();
  std::size_t read_patch(MutableByteView buffer, std::uint64_t most);
  void add_old(MutableByteView buffer);
  void add_stretch(MutableByteView buffer);

  ByteSource& patch_;
  const RandomSource& old_;
  std::uint64_t left_;  ///< Bytes of output.
  BsdiffRecord record_;
  bool in_record_ = false;
  /// In the old file; negative ones are huge, as in two's complement.
  std::uint64_t position_ = 0;
  Bytes addends_;
};

}  // namespace xylem::delta
