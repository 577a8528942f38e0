#pragma once

/// \file
/// Answers requests over a link, and in a way, that is bad on purpose.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>

#include "server/http/http_types.hpp"
#include "server/http/reply.hpp"
#include "server/misbehaviour.hpp"

namespace xylem::server {

/// What all connections of a server share. One thread.
class BadLink {
 public:
  explicit BadLink(const Misbehaviour& misbehaviour) : bad_(misbehaviour) {}

  /// What is done wrong to the answer itself: refusals, portals, missing headers. `make` finds the
  /// right answer to a request.
  Reply reply(const Request& request, const std::function<Reply(const Request&)>& make);
  /// Sends it, slowly, late or in part; whether the connection may go on. Each piece may take
  /// `patience`. Throws as send_reply() does.
  asio::awaitable<bool> send(Stream& stream, const Request& request, const Reply& reply,
                             std::chrono::seconds patience);

 private:
  using Clock = std::chrono::steady_clock;

  bool is_over_limit();
  bool is_portal_up();
  asio::awaitable<void> pass(std::size_t bytes);
  asio::awaitable<void> send_text(Stream& stream, std::string_view text,
                                  std::chrono::seconds patience);

  Misbehaviour bad_;
  Clock::time_point busy_until_{};  ///< The link, with what was sent.
  Clock::time_point second_{};      ///< When the second began that requests are counted in.
  unsigned in_second_ = 0;
  unsigned answers_ = 0;
  unsigned bodies_ = 0;
};

}  // namespace xylem::server
