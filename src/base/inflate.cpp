#include "base/inflate.hpp"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

#include "xylem/error.hpp"

namespace xylem {

namespace {

uInt clamp_to_uint(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};

libdeflate_decompressor* decompressor() {
  thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> instance(
      libdeflate_alloc_decompressor());
  if (!instance) throw std::bad_alloc();
  return instance.get();
}

}  // namespace

void Inflater::Free::operator()(z_stream* stream) const {
  inflateEnd(stream);
  delete stream;
}

Inflater::Inflater() {
  auto stream = std::make_unique<z_stream>();
  if (inflateInit2(stream.get(), -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  stream_.reset(stream.release());
}

Inflater::Step Inflater::run(ByteView in, MutableByteView out) {
  std::uint8_t nowhere = 0;  // zlib refuses a null pointer, even for no room at all
  // zlib never writes through next_in; the cast is its old interface.
  stream_->next_in = const_cast<Bytef*>(in.data());
  stream_->avail_in = clamp_to_uint(in.size());
  stream_->next_out = out.empty() ? &nowhere : out.data();
  stream_->avail_out = clamp_to_uint(out.size());
  const uInt in_before = stream_->avail_in;
  const uInt out_before = stream_->avail_out;
  const int result = inflate(stream_.get(), Z_NO_FLUSH);
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
    throw Error(ErrorKind::Corrupt, "The compressed data is damaged");
  return {in_before - stream_->avail_in, out_before - stream_->avail_out, result == Z_STREAM_END};
}

void Inflater::reset() {
  inflateReset(stream_.get());
}

void inflate_exact(ByteView in, MutableByteView out) {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  const auto result = libdeflate_deflate_decompress_ex(
      decompressor(), in.data(), in.size(), out.data(), out.size(), &consumed, &produced);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
    throw Error(ErrorKind::Corrupt, "The compressed data holds more than its declared size");
  if (result != LIBDEFLATE_SUCCESS)
    throw Error(ErrorKind::Corrupt, "The compressed data is damaged");
  if (produced != out.size())
    throw Error(ErrorKind::Corrupt, "The compressed data holds less than its declared size");
  if (consumed != in.size())
    throw Error(ErrorKind::Corrupt, "There are bytes behind the end of the compressed data");
}

}  // namespace xylem
