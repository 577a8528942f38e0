#include "base/deflate.hpp"

#include <zlib.h>

#include <memory>
#include <new>

namespace xylem {

namespace {

struct EndDeflate {
  void operator()(z_stream* stream) const { deflateEnd(stream); }
};

}  // namespace

void deflate_stream(ByteSource& source, int level, const std::function<void(ByteView)>& sink) {
  z_stream stream{};
  constexpr int default_memory = 8;
  if (deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, default_memory, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    throw std::bad_alloc();
  const std::unique_ptr<z_stream, EndDeflate> guard(&stream);

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

}  // namespace xylem
