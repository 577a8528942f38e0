#pragma once

/// \file
/// Runs curl's multi handle on an executor: its sockets and its timer are watched with Asio.

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "fetcher/curl/curl_easy.hpp"
#include "fetcher/curl/curl_multi.hpp"
#include "fetcher/curl/socket_watcher.hpp"
#include "fetcher/curl/watchdog.hpp"
#include "task/lazy_timer.hpp"

namespace xylem::fetcher {

/// How many connections the loop may have.
struct ConnectionLimits {
  long per_host = 32;
  long per_host_http2 = 4;  ///< Of servers that take many requests on each.
  long streams = 128;       ///< HTTP/2 streams of one connection.
  /// How long nothing at all may come before all connections are torn down: the network was lost,
  /// and they would never find out.
  std::chrono::seconds patience{30};
};

/// One thread. Held by shared_ptr, because waits that were begun outlive it.
class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
 public:
  /// Whoever started a transfer.
  class Client {
   public:
    /// The transfer has ended and its handle is free again. Called outside of curl.
    virtual void finished(CURLcode code) noexcept = 0;

   protected:
    ~Client() = default;
  };

  CurlLoop(boost::asio::any_io_executor executor, const ConnectionLimits& limits);
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  /// Starts the transfer of a handle, which has to stay alive until finished() or remove().
  void start(CurlEasy& easy, Client& client);
  /// Ends a transfer that has not finished; finished() is not called.
  void remove(CurlEasy& easy) noexcept;
  /// Nothing is wanted for now: idle connections must not keep the executor busy.
  void go_idle() noexcept;
  /// Whether all servers speak HTTP/2. curl opens a connection for each request that finds the
  /// others full, so then there must not be many.
  void expect_http2(bool everywhere);
  /// Bytes have come.
  void note_progress() { watchdog_.progress(); }

 private:
  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* unused) noexcept;
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static int on_close(void* self, curl_socket_t fd) noexcept;
  static int on_timer(CURLM* multi, long milliseconds, void* self) noexcept;

  void watch(curl_socket_t fd, int what);
  void forget(curl_socket_t fd) noexcept;
  void set_timer(long milliseconds);
  void act(curl_socket_t fd, int events) noexcept;
  void report_done();
  void fail_all() noexcept;
  void tear_down_connections();

  boost::asio::any_io_executor executor_;
  ConnectionLimits limits_;
  LazyTimer timer_;
  /// Of all sockets that curl asked about, until they are closed or the loop rests.
  std::unordered_map<curl_socket_t, std::shared_ptr<SocketWatcher>> watchers_;
  std::unordered_map<CURL*, Client*> running_;
  std::exception_ptr callback_error_;
  std::unordered_set<curl_socket_t> sockets_;  ///< Of all connections, idle ones too.
  Watchdog watchdog_;
  CurlMulti multi_;  // goes first: it calls back while it closes its connections
};

}  // namespace xylem::fetcher
