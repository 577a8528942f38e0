#include "server/static_server.hpp"

#include <memory>

#include "server/bad_link.hpp"
#include "server/connection.hpp"
#include "server/http/send_reply.hpp"

namespace xylem::server {

namespace {

AccessRecord record_of(const Stream& stream, const Request& request, const Reply& reply) {
  boost::system::error_code unknown;
  const auto peer = stream.socket().remote_endpoint(unknown);
  return {.client = unknown ? "-" : peer.address().to_string(),
          .method = std::string(request.method_string()),
          .target = std::string(request.target()),
          .status = reply.status,
          .size = reply.body_size()};
}

/// As below, but badly.
Handler make_bad_handler(StaticServer::Options options) {
  return [files = StaticFiles(options.root, std::move(options.choose)),
          patience = options.listen.idle_timeout,
          link = std::make_shared<BadLink>(*options.misbehaviour),
          on_request = std::move(options.on_request)](
             Stream& stream, const Request& request) -> asio::awaitable<bool> {
    const auto make = [&](const Request& asked) {
      Reply reply = files.reply(asked);
      reply.keep_alive = asked.keep_alive();
      return reply;
    };
    const Reply reply = link->reply(request, make);
    if (on_request) on_request(record_of(stream, request, reply));
    co_return co_await link->send(stream, request, reply, patience);
  };
}

Handler make_handler(StaticServer::Options options) {
  if (options.misbehaviour) return make_bad_handler(std::move(options));
  return [files = StaticFiles(options.root, std::move(options.choose)),
          patience = options.listen.idle_timeout, on_request = std::move(options.on_request)](
             Stream& stream, const Request& request) -> asio::awaitable<bool> {
    Reply reply = files.reply(request);
    reply.keep_alive = request.keep_alive() && !announces_body(request);
    if (on_request) on_request(record_of(stream, request, reply));
    co_await send_reply(stream, request, reply, patience);
    co_return true;
  };
}

}  // namespace

StaticServer::StaticServer(asio::any_io_executor executor, Options options)
    : server_(std::move(executor), options.listen, make_handler(options)) {}

}  // namespace xylem::server
