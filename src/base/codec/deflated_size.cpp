#include "base/codec/deflated_size.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>

namespace xylem {

namespace {

constexpr int level = 6;
/// Pieces are compressed by themselves: larger ones would hardly be smaller, for deflate looks back
/// 32 KiB only.
constexpr std::size_t piece_size = 1 << 20;

struct Free {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

/// Making one takes longer than to compress a small file.
libdeflate_compressor& compressor_of_thread() {
  thread_local const std::unique_ptr<libdeflate_compressor, Free> kept(
      libdeflate_alloc_compressor(level));
  if (!kept) throw std::bad_alloc();
  return *kept;
}

}  // namespace

std::uint64_t deflated_size(ByteView content) {
  libdeflate_compressor& compressor = compressor_of_thread();
  Bytes out(libdeflate_deflate_compress_bound(&compressor, std::min(content.size(), piece_size)));
  std::uint64_t size = 0;
  while (!content.empty()) {
    const ByteView piece = content.first(std::min(content.size(), piece_size));
    size += libdeflate_deflate_compress(&compressor, piece.data(), piece.size(), out.data(),
                                        out.size());
    content = content.subspan(piece.size());
  }
  return size;
}

}  // namespace xylem
