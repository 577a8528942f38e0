#pragma once

#include "server/http_server.hpp"

namespace xylem::server {

/// Reads requests from a connection and has them answered, until the client or the handler has had
/// enough, or nothing comes for `idle_timeout`. A request that is not HTTP is answered with 400.
/// Throws boost::system::system_error when the connection breaks.
asio::awaitable<void> serve_connection(Stream& stream, const Handler& handler,
                                       std::chrono::seconds idle_timeout);

}  // namespace xylem::server
