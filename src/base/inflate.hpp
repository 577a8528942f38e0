#pragma once

/// \file
/// Raw deflate (RFC 1951, no zlib or gzip wrapper), decompressing.

#include <memory>

#include "base/bytes.hpp"

struct inflate_state;

namespace xylem {

/// Streaming, for what does not fit in memory.
class Inflater {
 public:
  struct Step {
    std::size_t consumed = 0;  ///< Up to the end of the deflate stream, if it was seen.
    std::size_t produced = 0;
    bool finished = false;  ///< The end of the deflate stream was seen.
  };

  Inflater();
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
