#include "base/codec/inflate.hpp"

#include <isa-l/igzip_lib.h>
#include <libdeflate.h>

#include <algorithm>
#include <climits>
#include <limits>
#include <new>

#include "xylem/error.hpp"

namespace xylem {

namespace {

std::uint32_t clamp(std::size_t size) {
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(size, most));
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

void Inflater::Free::operator()(inflate_state* state) const {
  delete state;
}

Inflater::Inflater(Wrapper wrapper) : state_(new inflate_state) {
  isal_inflate_init(state_.get());
  if (wrapper == Wrapper::Gzip) state_->crc_flag = ISAL_GZIP;
}

Inflater::Step Inflater::run(ByteView in, MutableByteView out) {
  inflate_state& state = *state_;
  // ISA-L never writes through next_in; the cast is its interface.
  state.next_in = const_cast<std::uint8_t*>(in.data());
  state.avail_in = clamp(in.size());
  state.next_out = out.data();
  state.avail_out = clamp(out.size());
  const std::uint32_t in_before = state.avail_in;
  const std::uint32_t out_before = state.avail_out;
  if (isal_inflate(&state) < 0) throw Error(ErrorKind::Corrupt, "The compressed data is damaged");
  Step step{in_before - state.avail_in, out_before - state.avail_out,
            state.block_state == ISAL_BLOCK_FINISH};
  if (step.finished) step.consumed -= read_ahead(step.consumed);
  return step;
}

/// Whole bytes behind the end of the stream that ISA-L has taken already.
std::size_t Inflater::read_ahead(std::size_t consumed) {
  const auto bytes = static_cast<std::size_t>(state_->read_in_length / CHAR_BIT);
  state_->read_in_length = 0;
  if (bytes <= consumed) return bytes;
  throw Error(ErrorKind::Corrupt, "Bytes follow the end of the compressed data");
}

void Inflater::reset() {
  isal_inflate_reset(state_.get());
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
    throw Error(ErrorKind::Corrupt, "Bytes follow the end of the compressed data");
}

}  // namespace xylem
