#include "server/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "server/connection.hpp"
#include "server/connection_table.hpp"
#include "server/listen.hpp"

namespace xylem::server {

using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds pause_after_error{100};

}  // namespace

/// Held by the server and by its coroutines.
class HttpServer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(const asio::any_io_executor& executor, const ListenOptions& options, Handler handler)
      : options_(options),
        handler_(std::move(handler)),
        acceptor_(listen_at(executor, options)),
        port_(acceptor_.local_endpoint().port()),
        room_(executor) {}

  void start() {
    asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()), asio::detached);
  }
  void stop();
  std::uint16_t port() const { return port_; }

 private:
  static asio::awaitable<void> accept(std::shared_ptr<Impl> self);
  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, tcp::socket socket);
  asio::awaitable<void> wait_for_room();
  asio::awaitable<void> pause();

  const ListenOptions options_;
  const Handler handler_;
  tcp::acceptor acceptor_;
  const std::uint16_t port_;
  asio::steady_timer room_;
  ConnectionTable connections_;
};

void HttpServer::Impl::stop() {
  acceptor_.close();
  room_.cancel();
  connections_.close_all();
}

asio::awaitable<void> HttpServer::Impl::wait_for_room() {
  while (acceptor_.is_open() && connections_.size() >= options_.max_connections) {
    room_.expires_at(asio::steady_timer::time_point::max());
    boost::system::error_code woken;
    co_await room_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

asio::awaitable<void> HttpServer::Impl::pause() {
  asio::steady_timer timer(acceptor_.get_executor(), pause_after_error);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> HttpServer::Impl::accept(std::shared_ptr<Impl> self) {
  while (self->acceptor_.is_open()) {
    co_await self->wait_for_room();
    boost::system::error_code error;
    tcp::socket socket =
        co_await self->acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (!self->acceptor_.is_open()) co_return;
    if (error) {
      log_warning("Cannot accept a connection: {}", error.message());
      co_await self->pause();
      continue;
    }
    asio::co_spawn(self->acceptor_.get_executor(), serve(self, std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> HttpServer::Impl::serve(std::shared_ptr<Impl> self, tcp::socket socket) {
  Stream stream(std::move(socket));
  ConnectionTable& connections = self->connections_;
  if (!connections.add(stream, self->options_.max_per_address)) co_return;
  const WaitObserver on_wait = [&](bool waiting) { connections.set_waiting(stream, waiting); };
  try {
    co_await serve_connection(stream, self->handler_, self->options_.idle_timeout, on_wait);
  } catch (const std::exception& error) {
    log_debug("A connection failed: {}", error.what());
  }
  connections.remove(stream);
  self->room_.cancel();
}

HttpServer::HttpServer(asio::any_io_executor executor, const ListenOptions& options,
                       Handler handler)
    : impl_(std::make_shared<Impl>(executor, options, std::move(handler))) {
  impl_->start();
}

HttpServer::~HttpServer() {
  impl_->stop();
}

std::uint16_t HttpServer::port() const {
  return impl_->port();
}

void HttpServer::stop() {
  impl_->stop();
}

}  // namespace xylem::server
