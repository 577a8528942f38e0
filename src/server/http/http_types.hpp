#pragma once

/// \file
/// The names by which this room calls the things of Boost.Beast.

#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

namespace xylem::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

/// A connection, with a time limit for each operation.
using Stream = beast::tcp_stream;
/// A request without a body: the only kind that is served.
using Request = http::request<http::empty_body>;

}  // namespace xylem::server
