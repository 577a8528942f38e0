#pragma once

#include <boost/asio/awaitable.hpp>

#include "server/http/http_types.hpp"
#include "server/http/reply.hpp"
#include "server/static_files.hpp"
#include "support/fault.hpp"

namespace xylem::test {

/// What the files would answer, after the fault has changed it.
server::Reply faulty_reply(const server::StaticFiles& files, const server::Request& request,
                           const Fault& fault);

/// Sends it the way the fault says; returns whether the connection is still good for another
/// request.
boost::asio::awaitable<bool> send_faulty(server::Stream& stream, const server::Request& request,
                                         const server::Reply& reply, const Fault& fault);

}  // namespace xylem::test
