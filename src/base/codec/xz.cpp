#include "base/codec/xz.hpp"

#include <fmt/format.h>
#include <lzma.h>

#include <algorithm>
#include <array>
#include <new>

#include "xylem/error.hpp"

namespace xylem {

namespace {

/// Owns what liblzma has allocated for a stream.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { lzma_end(&stream_); }

  lzma_stream* get() { return &stream_; }
  lzma_stream* operator->() { return &stream_; }

  void give(ByteView input) {
    stream_.next_in = input.data();
    stream_.avail_in = input.size();
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

struct FreeIndex {
  void operator()(lzma_index* index) const { lzma_index_end(index, nullptr); }
};

/// Throws for what is neither progress nor the end.
void require_good(lzma_ret result, std::uint64_t memory, lzma_stream* stream) {
  switch (result) {
    case LZMA_OK:
    case LZMA_STREAM_END:
    case LZMA_SEEK_NEEDED:
      return;
    case LZMA_MEM_ERROR:
      throw std::bad_alloc();
    case LZMA_MEMLIMIT_ERROR:
      throw Error(ErrorKind::Unsupported,
                  fmt::format("The xz data needs {} bytes of memory to decompress, {} are allowed",
                              lzma_memusage(stream), memory));
    case LZMA_FORMAT_ERROR:
      throw Error(ErrorKind::Corrupt, "The data is not in the xz format");
    case LZMA_OPTIONS_ERROR:
      throw Error(ErrorKind::Unsupported, "The xz data uses an unsupported filter");
    case LZMA_BUF_ERROR:
      throw Error(ErrorKind::Corrupt, "The xz data ends too early");
    default:
      throw Error(ErrorKind::Corrupt, "The xz data is damaged");
  }
}

void compress_all(Stream& stream, ByteSource& source, const std::function<void(ByteView)>& sink) {
  Bytes in(stream_buffer_size);
  Bytes out(stream_buffer_size);
  lzma_ret result = LZMA_OK;
  bool ended = false;
  while (result != LZMA_STREAM_END) {
    if (stream->avail_in == 0 && !ended) {
      const std::size_t count = source.read(in);
      stream.give(ByteView(in).first(count));
      ended = count == 0;
    }
    stream->next_out = out.data();
    stream->avail_out = out.size();
    result = lzma_code(stream.get(), ended ? LZMA_FINISH : LZMA_RUN);
    require_good(result, 0, stream.get());
    sink(ByteView(out).first(out.size() - stream->avail_out));
  }
}

/// What liblzma wants to know, for as long as it needs it.
class BlockEncoder {
 public:
  explicit BlockEncoder(const XzBlocks& blocks) {
    lzma_lzma_preset(&options_, blocks.preset);
    options_.dict_size = static_cast<std::uint32_t>(blocks.dictionary);
    filters_[0] = {LZMA_FILTER_LZMA2, &options_};
    filters_[1] = {LZMA_VLI_UNKNOWN, nullptr};
    encoder_.threads = blocks.threads;
    encoder_.block_size = blocks.block_size;
    encoder_.filters = filters_.data();
    encoder_.check = LZMA_CHECK_CRC64;
  }
  BlockEncoder(const BlockEncoder&) = delete;
  BlockEncoder& operator=(const BlockEncoder&) = delete;
  ~BlockEncoder() = default;

  const lzma_mt* get() const { return &encoder_; }

 private:
  lzma_options_lzma options_{};
  std::array<lzma_filter, 2> filters_{};
  lzma_mt encoder_{};
};

}  // namespace

class XzSource::Decoder : public Stream {};

XzSource::XzSource(ByteSource& compressed, const XzLimits& limits)
    : compressed_(compressed),
      limits_(limits),
      decoder_(std::make_unique<Decoder>()),
      buffer_(stream_buffer_size) {
  constexpr std::uint32_t one_stream = 0;
  require_good(lzma_stream_decoder(decoder_->get(), limits.memory, one_stream), limits.memory,
               decoder_->get());
}

XzSource::~XzSource() = default;

void XzSource::refill() {
  if ((*decoder_)->avail_in > 0 || input_ended_) return;
  const std::size_t count = compressed_.read(buffer_);
  decoder_->give(ByteView(buffer_).first(count));
  input_ended_ = count == 0;
}

/// A step that gives nothing has taken input, or fails: liblzma reports LZMA_BUF_ERROR when it can
/// do neither twice in a row.
std::size_t XzSource::read(MutableByteView buffer) {
  Decoder& decoder = *decoder_;
  while (!finished_ && !buffer.empty()) {
    refill();
    // One byte more than allowed is enough to know.
    const std::uint64_t left = limits_.output - produced_;
    const std::size_t room = left < buffer.size() ? left + 1 : buffer.size();
    decoder->next_out = buffer.data();
    decoder->avail_out = room;
    const lzma_ret result = lzma_code(decoder.get(), input_ended_ ? LZMA_FINISH : LZMA_RUN);
    require_good(result, limits_.memory, decoder.get());
    const std::size_t count = room - decoder->avail_out;
    produced_ += count;
    if (produced_ > limits_.output)
      throw Error(ErrorKind::Corrupt,
                  fmt::format("The xz data holds more than the {} bytes allowed", limits_.output));
    finished_ = result == LZMA_STREAM_END;
    if (finished_) require_end();
    if (count > 0) return count;
  }
  return 0;
}

void XzSource::require_end() {
  refill();
  if ((*decoder_)->avail_in > 0)
    throw Error(ErrorKind::Corrupt, "Bytes follow the end of the xz data");
}

/// The decoder asks for stretches of the file, the last ones first.
std::uint64_t xz_content_size(const RandomSource& file, std::uint64_t memory) {
  Stream stream;
  lzma_index* found = nullptr;
  require_good(lzma_file_info_decoder(stream.get(), &found, memory, file.size()), memory,
               stream.get());
  Bytes buffer(4096);
  std::uint64_t position = 0;
  lzma_ret result = LZMA_OK;
  while (result != LZMA_STREAM_END) {
    if (stream->avail_in == 0) {
      const auto count = std::min<std::uint64_t>(buffer.size(), file.size() - position);
      const auto piece = MutableByteView(buffer).first(static_cast<std::size_t>(count));
      file.read_at(piece, position);
      position += count;
      stream.give(piece);
    }
    result = lzma_code(stream.get(), LZMA_RUN);
    require_good(result, memory, stream.get());
    if (result != LZMA_SEEK_NEEDED) continue;
    position = stream->seek_pos;
    stream.give({});
  }
  const std::unique_ptr<lzma_index, FreeIndex> index(found);
  return lzma_index_uncompressed_size(index.get());
}

void xz_stream(ByteSource& source, std::uint32_t preset,
               const std::function<void(ByteView)>& sink) {
  Stream stream;
  require_good(lzma_easy_encoder(stream.get(), preset, LZMA_CHECK_CRC64), 0, stream.get());
  compress_all(stream, source, sink);
}

void xz_block_stream(ByteSource& source, const XzBlocks& blocks,
                     const std::function<void(ByteView)>& sink) {
  Stream stream;
  const BlockEncoder encoder(blocks);
  require_good(lzma_stream_encoder_mt(stream.get(), encoder.get()), 0, stream.get());
  compress_all(stream, source, sink);
}

std::uint64_t xz_block_memory(const XzBlocks& blocks) {
  return lzma_stream_encoder_mt_memusage(BlockEncoder(blocks).get());
}

}  // namespace xylem
