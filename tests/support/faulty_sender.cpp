#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "server/http/send_reply.hpp"
#include "support/faulty_reply.hpp"

namespace xylem::test {

namespace asio = boost::asio;
using server::Reply;
using server::Request;
using server::Stream;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t largest_piece = 64 * 1024;
constexpr int pieces_per_second = 20;

asio::awaitable<void> sleep_for(milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> send_text(Stream& stream, const std::string& text) {
  co_await asio::async_write(stream, asio::buffer(text), asio::use_awaitable);
}

/// Waits until the client or the server closes the connection.
asio::awaitable<void> stall(Stream& stream) {
  stream.expires_never();
  char ignored = 0;
  boost::system::error_code closed;
  while (!closed)
    co_await stream.async_read_some(asio::buffer(&ignored, 1),
                                    asio::redirect_error(asio::use_awaitable, closed));
}

asio::awaitable<void> end_badly(Stream& stream, BodyEnd end) {
  if (end == BodyEnd::Stall) co_await stall(stream);
  if (end == BodyEnd::Reset) stream.socket().set_option(asio::socket_base::linger(true, 0));
  stream.close();
}

std::size_t piece_size(const Fault& fault) {
  if (fault.rate == 0) return largest_piece;
  return std::clamp<std::size_t>(fault.rate / pieces_per_second, 1, largest_piece);
}

/// The body from `position` on, at most `size` bytes, with the byte that is to be wrong.
std::string take_piece(const Reply& reply, const Fault& fault, std::uint64_t position,
                       std::size_t size) {
  Bytes piece(size);
  piece.resize(server::read_body(reply, position, piece));
  const std::uint64_t flip = fault.flip.value_or(UINT64_MAX);
  if (flip >= position && flip - position < piece.size())
    piece[flip - position] = static_cast<std::uint8_t>(~piece[flip - position]);
  return std::string(as_text(piece));
}

asio::awaitable<void> send_body(Stream& stream, const Reply& reply, const Fault& fault) {
  const std::uint64_t stop =
      fault.end == BodyEnd::Whole ? reply.body_size() : std::min(fault.end_at, reply.body_size());
  for (std::uint64_t position = 0; position < stop;) {
    const auto size = std::min<std::uint64_t>(piece_size(fault), stop - position);
    const std::string piece = take_piece(reply, fault, position, size);
    if (piece.empty()) break;
    position += piece.size();
    const std::string framed =
        fault.chunked ? fmt::format("{:x}\r\n{}\r\n", piece.size(), piece) : piece;
    co_await send_text(stream, framed);
    if (fault.rate != 0) co_await sleep_for(milliseconds(1000 / pieces_per_second));
  }
}

}  // namespace

asio::awaitable<bool> send_faulty(Stream& stream, const Request& request, const Reply& reply,
                                  const Fault& fault) {
  stream.expires_never();
  if (fault.latency.count() != 0) co_await sleep_for(fault.latency);
  if (fault.junk) {
    co_await send_text(stream, "This is no HTTP.\n");
    stream.close();
    co_return false;
  }
  const std::string head = server::format_head(reply, !fault.length && !fault.chunked);
  co_await send_text(stream, head);
  if (request.method() == server::http::verb::head) co_return true;
  co_await send_body(stream, reply, fault);
  if (fault.end != BodyEnd::Whole) {
    co_await end_badly(stream, fault.end);
    co_return false;
  }
  if (fault.chunked) co_await send_text(stream, "0\r\n\r\n");
  co_return !fault.length;
}

}  // namespace xylem::test
