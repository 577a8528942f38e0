#pragma once

/// \file
/// Deflate (RFC 1951), raw or in gzip's wrapper (RFC 1952), decompressing.

#include <memory>

#include "base/bytes.hpp"

struct inflate_state;

namespace xylem {

/// Streaming, for what does not fit in memory.
class Inflater {
 public:
  enum class Wrapper { None, Gzip };

  struct Step {
    std::size_t consumed = 0;  ///< Up to the end of the deflate stream, if it was seen.
    std::size_t produced = 0;
    bool finished = false;  ///< The end of the deflate stream was seen.
  };

  /// With Gzip, `finished` is the end of the first member, whose checksum was right.
  explicit Inflater(Wrapper wrapper = Wrapper::None);
  /// Throws Error(Corrupt) when `in` is not deflate, or when earlier input went beyond the end of
  /// the stream. A step that neither consumes nor produces needs more input or more room.
  Step run(ByteView in, MutableByteView out);
  void reset();

 private:
  std::size_t read_ahead(std::size_t consumed);

  struct Free {
    void operator()(inflate_state* state) const;
  };
  std::unique_ptr<inflate_state, Free> state_;
};

/// Inflates a whole stream. Throws Error(Corrupt) unless `in` is exactly one deflate stream, with
/// nothing behind it, that fills exactly `out`.
void inflate_exact(ByteView in, MutableByteView out);

}  // namespace xylem
