#pragma once

/// \file
/// The .xz format, both ways.

#include <functional>
#include <memory>

#include "base/random_source.hpp"

namespace xylem {

/// What decompressing may take.
struct XzLimits {
  /// Bytes of memory. The dictionary, whose size the stream chooses, takes most of it.
  std::uint64_t memory = 0;
  std::uint64_t output = 0;  ///< Bytes that come out in all.
};

/// Decompresses one .xz stream as it is read. The end is reported only after the stream has ended
/// with nothing behind it. read() throws Error(Corrupt) for what is no such stream, is damaged, or
/// gives more than it may, and Error(Unsupported) for one that needs more memory.
class XzSource : public ByteSource {
 public:
  /// `compressed` is borrowed.
  XzSource(ByteSource& compressed, const XzLimits& limits);
  ~XzSource() override;
  std::size_t read(MutableByteView buffer) override;

 private:
  class Decoder;
  void refill();
  void require_end();

  ByteSource& compressed_;
  XzLimits limits_;
  std::unique_ptr<Decoder> decoder_;
  std::uint64_t produced_ = 0;
  Bytes buffer_;
  bool input_ended_ = false;
  bool finished_ = false;
};

/// How many bytes an .xz file holds, by the index at its end: without decompressing, so it may be a
/// lie. Throws Error(Corrupt) if there is no index, or it needs more than `memory` bytes.
std::uint64_t xz_content_size(const RandomSource& file, std::uint64_t memory);

/// Compresses all of `source` at `preset` 0..9 and hands the output to `sink` in pieces.
void xz_stream(ByteSource& source, std::uint32_t preset, const std::function<void(ByteView)>& sink);

/// One .xz stream of blocks, each of which is compressed by itself.
struct XzBlocks {
  std::uint32_t preset = 6;                ///< 0..9.
  std::uint64_t block_size = 16ULL << 20;  ///< Bytes of content in a block.
  std::uint64_t dictionary = 8ULL << 20;   ///< Bytes; decompressing needs as much memory.
  unsigned threads = 1;                    ///< What comes out does not depend on it.
};

/// As xz_stream(), in blocks.
void xz_block_stream(ByteSource& source, const XzBlocks& blocks,
                     const std::function<void(ByteView)>& sink);
/// Bytes of memory that this takes.
std::uint64_t xz_block_memory(const XzBlocks& blocks);

}  // namespace xylem
