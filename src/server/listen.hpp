#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "server/http_server.hpp"

namespace xylem::server {

/// A socket that listens. Throws Error(InvalidArgument) for a bad address, Error(Io) if it is taken
/// or not ours, with a hint.
boost::asio::ip::tcp::acceptor listen_at(const boost::asio::any_io_executor& executor,
                                         const ListenOptions& options);

}  // namespace xylem::server
