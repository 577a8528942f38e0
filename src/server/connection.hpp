#pragma once

#include "server/http_server.hpp"

namespace xylem::server {

/// Whether the client says that a body follows, of whatever length and coding. Nobody who gets
/// files sends one, and none is read: what follows must not be taken for the next request.
bool announces_body(const Request& request);

/// Told when a connection begins (true) and ends (false) to wait for a request.
using WaitObserver = std::function<void(bool waiting)>;

/// Reads requests from a connection and has them answered, until the client or the handler has had
/// enough, or nothing comes for `idle_timeout`. A request that is not HTTP is answered with 400.
/// Throws boost::system::system_error when the connection breaks.
asio::awaitable<void> serve_connection(Stream& stream, const Handler& handler,
                                       std::chrono::seconds idle_timeout,
                                       const WaitObserver& on_wait);

}  // namespace xylem::server
