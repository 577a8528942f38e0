#include "base/codec/deflate.hpp"

#include <zlib.h>

#include <limits>
#include <new>
#include <optional>

namespace xylem {

namespace {

/// zlib's state, a quarter of a megabyte.
class Deflater {
 public:
  explicit Deflater(int level) : level_(level) {
    constexpr int default_memory = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, -MAX_WBITS, default_memory, Z_DEFAULT_STRATEGY) !=
        Z_OK)
      throw std::bad_alloc();
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  int level() const { return level_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  int level_;
};

/// At the begin of a stream. To make one, and to touch all its pages, takes longer than to compress
/// a small file.
z_stream& stream_of_thread(int level) {
  thread_local std::optional<Deflater> kept;
  if (!kept || kept->level() != level) kept.emplace(level);
  deflateReset(&kept->stream());
  return kept->stream();
}

}  // namespace

void deflate_stream(ByteSource& source, int level, const std::function<void(ByteView)>& sink) {
  Deflater deflater(level);
  z_stream& stream = deflater.stream();
  Bytes in(stream_buffer_size);
  Bytes out(stream_buffer_size);
  int result = Z_OK;
  while (result != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      stream.next_in = in.data();
      stream.avail_in = static_cast<uInt>(source.read(in));
    }
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    result = deflate(&stream, stream.avail_in == 0 ? Z_FINISH : Z_NO_FLUSH);
    sink(ByteView(out).first(out.size() - stream.avail_out));
  }
}

Bytes deflate_bytes(ByteView content, int level) {
  z_stream& stream = stream_of_thread(level);
  Bytes out(deflateBound(&stream, content.size()));
  if (out.size() > std::numeric_limits<uInt>::max()) throw std::bad_alloc();
  // zlib never writes through next_in; the cast is its interface.
  stream.next_in = const_cast<std::uint8_t*>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  return out;
}

}  // namespace xylem
