#pragma once

/// \file
/// Takes gzip off a body while it comes.

#include <functional>

#include "base/codec/inflate.hpp"

namespace xylem::fetcher {

/// One thread.
class GzipDecoder {
 public:
  /// What the next bytes hold goes to `take`, piece by piece. Throws Error(Corrupt) if they are
  /// damaged, and what `take` throws.
  void write(ByteView bytes, const std::function<void(ByteView)>& take);
  /// Whether nothing is missing.
  bool finished() const { return finished_; }

 private:
  Inflater inflater_{Inflater::Wrapper::Gzip};
  Bytes buffer_ = Bytes(64 * 1024);
  bool finished_ = false;
};

}  // namespace xylem::fetcher
