#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "base/bytes.hpp"
#include "server/http/http_types.hpp"
#include "server/http/reply.hpp"

namespace xylem::server {

/// The next bytes of a reply's body from `position` on, at most `buffer.size()`; 0 at its end, or
/// where the file ends early. Throws Error(Io).
std::size_t read_body(const Reply& reply, std::uint64_t position, MutableByteView buffer);

/// Sends a reply, large bodies piece by piece; without the body for HEAD. Each piece may take
/// `patience`. Throws boost::system::system_error if the client is gone or too slow, Error(Io) if
/// the file is shorter than it was.
asio::awaitable<void> send_reply(Stream& stream, const Request& request, const Reply& reply,
                                 std::chrono::seconds patience);

}  // namespace xylem::server
