#pragma once

/// \file
/// Accepts connections and reads requests, HTTP/1.1 with keep-alive; a handler answers them.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "server/http/http_types.hpp"

namespace xylem::server {

struct ListenOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;          ///< 0 lets the system choose a free one.
  unsigned max_connections = 512;  ///< Further ones wait to be accepted.
  int backlog = 1024;              ///< How many may wait to be accepted.
  /// From one address. A further one takes the place of the one that has waited longest for a
  /// request; if all are busy it is closed.
  unsigned max_per_address = 256;
  std::chrono::seconds idle_timeout{60};  ///< For a request to come, from the last one on.
};

/// Answers one request; returns whether the connection may be used for another one. What it throws
/// ends the connection.
using Handler = std::function<asio::awaitable<bool>(Stream&, const Request&)>;

/// Runs on an executor that one thread runs (or a strand); all functions are called there. The
/// destructor stops it.
class HttpServer {
 public:
  /// Listens from now on. Throws Error(Io), Error(InvalidArgument) for a bad address.
  HttpServer(asio::any_io_executor executor, const ListenOptions& options, Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  std::uint16_t port() const;
  /// Closes the listening socket and all connections. The coroutines end soon after.
  void stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace xylem::server
