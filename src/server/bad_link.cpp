#include "server/bad_link.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "base/bytes.hpp"
#include "server/http/send_reply.hpp"

namespace xylem::server {

namespace {

constexpr std::string_view login_path = "/login";
/// About one packet, so that connections share the link as they do in networks.
constexpr std::size_t piece_size = 1400;
constexpr unsigned too_many_requests = 429;
constexpr unsigned forbidden = 403;
constexpr unsigned found = 302;

Reply login_page() {
  Reply page{.text = "<!DOCTYPE html>\n<html><body>Please log in.</body></html>\n"};
  page.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  return page;
}

Reply to_login() {
  Reply reply = text_reply(found, "Please log in.");
  reply.headers.emplace_back("Location", login_path);
  return reply;
}

bool is_validator(const std::pair<std::string, std::string>& header) {
  return header.first == "ETag" || header.first == "Last-Modified";
}

asio::awaitable<void> sleep_until(std::chrono::steady_clock::time_point time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

bool BadLink::is_over_limit() {
  const auto now = Clock::now();
  if (bad_.limit == 0) return false;
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    in_second_ = 0;
  }
  return ++in_second_ > bad_.limit;
}

bool BadLink::is_portal_up() {
  const unsigned before = answers_++;
  return before >= bad_.portal && before < bad_.portal + bad_.portal_length;
}

Reply BadLink::reply(const Request& request, const std::function<Reply(const Request&)>& make) {
  if (bad_.portal_length != 0 && std::string(request.target()) == login_path) return login_page();
  if (is_over_limit()) return text_reply(too_many_requests, "Too many requests.");
  if (is_portal_up()) return to_login();
  const bool ranged = request.count(http::field::range) != 0;
  if (ranged && bad_.no_range) return text_reply(forbidden, "No ranges.");
  Reply reply = make(request);
  if (bad_.no_validators) std::erase_if(reply.headers, is_validator);
  if (bad_.close) reply.keep_alive = false;
  return reply;
}

/// Each piece books the link for its time, behind what others have booked.
asio::awaitable<void> BadLink::pass(std::size_t bytes) {
  if (bad_.rate == 0) co_return;
  const std::chrono::duration<double> time(static_cast<double>(bytes) /
                                           static_cast<double>(bad_.rate));
  busy_until_ =
      std::max(busy_until_, Clock::now()) + std::chrono::duration_cast<Clock::duration>(time);
  co_await sleep_until(busy_until_);
}

asio::awaitable<void> BadLink::send_text(Stream& stream, std::string_view text,
                                         std::chrono::seconds patience) {
  co_await pass(text.size());
  stream.expires_after(patience);
  co_await asio::async_write(stream, asio::buffer(text), asio::use_awaitable);
}

// The head goes out first, then the body, packet by packet. Where the body is torn, the connection
// is reset; where it is only half, it is closed in order, with less than was announced.
asio::awaitable<bool> BadLink::send(Stream& stream, const Request& request, const Reply& reply,
                                    std::chrono::seconds patience) {
  if (bad_.delay.count() != 0) co_await sleep_until(Clock::now() + bad_.delay);
  co_await send_text(stream, format_head(reply), patience);
  if (request.method() == http::verb::head) co_return reply.keep_alive;
  const bool torn = bad_.cut != 0 && reply.body_size() > 1 && ++bodies_ % bad_.cut == 0;
  const bool halved = bad_.half && reply.status == 200 && reply.body_size() > 1;
  const std::uint64_t stop = torn || halved ? reply.body_size() / 2 : reply.body_size();
  for (std::uint64_t position = 0; position < stop;) {
    Bytes piece(std::min<std::uint64_t>(piece_size, stop - position));
    piece.resize(read_body(reply, position, piece));
    if (piece.empty()) co_return false;
    position += piece.size();
    co_await send_text(stream, as_text(piece), patience);
  }
  if (torn) stream.socket().set_option(asio::socket_base::linger(true, 0));
  if (torn) stream.close();
  co_return reply.keep_alive && !torn && !halved;
}

}  // namespace xylem::server
