#include "server/http/send_reply.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/os/os.hpp"
#include "base/stream.hpp"
#include "xylem/error.hpp"

namespace xylem::server {

namespace {

asio::awaitable<void> send_bytes(Stream& stream, ByteView bytes, std::chrono::seconds patience) {
  stream.expires_after(patience);
  co_await asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()), asio::use_awaitable);
}

/// Fills the buffer behind `filled` with the body; returns how much is in it then.
std::size_t fill(Bytes& buffer, std::size_t filled, const Reply& reply, std::uint64_t position) {
  const std::uint64_t left = reply.body_size() - position;
  const std::size_t wanted = std::min<std::uint64_t>(left, buffer.size() - filled);
  const MutableByteView room = MutableByteView(buffer).subspan(filled, wanted);
  if (read_body(reply, position, room) != wanted)
    throw Error(ErrorKind::Io, "A file was truncated while it was sent");
  return filled + wanted;
}

}  // namespace

std::size_t read_body(const Reply& reply, std::uint64_t position, MutableByteView buffer) {
  const std::uint64_t left = reply.body_size() - std::min(position, reply.body_size());
  const std::size_t wanted = std::min<std::uint64_t>(left, buffer.size());
  if (reply.file.valid())
    return os::read_at(reply.file, buffer.first(wanted), reply.part.offset + position);
  std::copy_n(reply.text.begin() + static_cast<std::ptrdiff_t>(position), wanted, buffer.begin());
  return wanted;
}

asio::awaitable<void> send_reply(Stream& stream, const Request& request, const Reply& reply,
                                 std::chrono::seconds patience) {
  const std::string head = format_head(reply);
  const std::uint64_t body = request.method() == http::verb::head ? 0 : reply.body_size();
  // The head goes out together with the first piece of the body.
  Bytes buffer(head.size() + std::min<std::uint64_t>(body, stream_buffer_size));
  std::ranges::copy(head, buffer.begin());
  std::size_t filled = head.size();
  std::uint64_t position = 0;
  do {
    const std::size_t before = filled;
    if (body != 0) filled = fill(buffer, before, reply, position);
    position += filled - before;
    co_await send_bytes(stream, ByteView(buffer).first(filled), patience);
    filled = 0;
  } while (position < body);
}

}  // namespace xylem::server
