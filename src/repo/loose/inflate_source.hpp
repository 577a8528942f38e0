#pragma once

/// \file
/// Inflates a stream of bytes as it is read.

#include "base/codec/inflate.hpp"
#include "base/stream.hpp"

namespace xylem::repo {

/// The content of a raw deflate stream of which the inflated size is known beforehand. The end is
/// reported only after the deflate stream has ended, at exactly `size` bytes, with nothing behind
/// it; else read() throws Error(Corrupt). Memory use does not depend on `size`.
class InflateSource : public ByteSource {
 public:
  /// `compressed` is borrowed.
  InflateSource(ByteSource& compressed, std::uint64_t size);
  std::size_t read(MutableByteView buffer) override;

 private:
  void refill();
  void finish();

  ByteSource& compressed_;
  std::uint64_t left_;
  Inflater inflater_;
  Bytes buffer_;
  ByteView input_;
  bool input_ended_ = false;
  bool finished_ = false;
};

/// Whether `compressed` bytes of deflate can give `size` bytes at all. Refuses sizes that are lies
/// before anything is allocated for them.
constexpr bool is_plausible_size(std::uint64_t size, std::uint64_t compressed) noexcept {
  constexpr std::uint64_t best_ratio = 1032;
  return size / best_ratio <= compressed;
}

}  // namespace xylem::repo
