#include "server/listen.hpp"

#include <fmt/format.h>

#include "xylem/error.hpp"

namespace xylem::server {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

[[noreturn]] void fail_to_listen(const tcp::endpoint& at, const boost::system::error_code& error) {
  throw Error(ErrorKind::Io,
              fmt::format("Cannot listen on {} port {}: {}", at.address().to_string(), at.port(),
                          error.message()),
              {.system_errno = error.value(),
               .hint = "choose another address or port; port 0 finds a free one"});
}

}  // namespace

tcp::acceptor listen_at(const asio::any_io_executor& executor, const ListenOptions& options) {
  const std::string& address = options.address;
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error)
    throw Error(ErrorKind::InvalidArgument, fmt::format("\"{}\" is not an IP address", address),
                {.hint = "give an address such as 127.0.0.1, or 0.0.0.0 for all interfaces"});
  const tcp::endpoint endpoint(ip, options.port);
  tcp::acceptor acceptor(executor);
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(options.backlog);
  } catch (const boost::system::system_error& refused) {
    fail_to_listen(endpoint, refused.code());
  }
  return acceptor;
}

}  // namespace xylem::server
