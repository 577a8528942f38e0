#include "server/connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include "server/http/send_reply.hpp"

namespace xylem::server {

namespace {

constexpr std::uint32_t most_header_bytes = 16 * 1024;

using Parser = http::request_parser<http::empty_body>;

bool is_http_error(const boost::system::error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

asio::awaitable<void> refuse(Stream& stream, std::chrono::seconds patience) {
  Reply reply = text_reply(400, "This is no HTTP request.");
  reply.keep_alive = false;
  co_await send_reply(stream, Request(), reply, patience);
}

}  // namespace

bool announces_body(const Request& request) {
  const auto length = request.find(http::field::content_length);
  return request.count(http::field::transfer_encoding) != 0 ||
         (length != request.end() && length->value() != "0");
}

asio::awaitable<void> serve_connection(Stream& stream, const Handler& handler,
                                       std::chrono::seconds idle_timeout,
                                       const WaitObserver& on_wait) {
  stream.socket().set_option(asio::ip::tcp::no_delay(true));
  beast::flat_buffer buffer;
  for (bool again = true; again;) {
    Parser parser;
    parser.header_limit(most_header_bytes);
    stream.expires_after(idle_timeout);
    boost::system::error_code error;
    on_wait(true);
    co_await http::async_read_header(stream, buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    on_wait(false);
    if (error && is_http_error(error)) co_await refuse(stream, idle_timeout);
    if (error) co_return;
    again = co_await handler(stream, parser.get());
    again = again && parser.get().keep_alive() && !announces_body(parser.get());
  }
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send);
}

}  // namespace xylem::server
