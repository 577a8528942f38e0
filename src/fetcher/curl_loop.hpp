#pragma once

/// \file
/// Runs curl's multi handle on an executor: its sockets and its timer are watched with Asio.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <memory>
#include <unordered_map>

#include "fetcher/curl_easy.hpp"
#include "fetcher/curl_multi.hpp"
#include "fetcher/socket_watcher.hpp"

namespace xylem::fetcher {

/// How many connections the loop may have.
struct ConnectionLimits {
  long per_host = 32;
  long streams = 128;  ///< HTTP/2 streams of one connection.
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

 private:
  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* unused) noexcept;
  static int on_timer(CURLM* multi, long milliseconds, void* self) noexcept;

  void watch(curl_socket_t fd, int what);
  void set_timer(long milliseconds);
  void act(curl_socket_t fd, int events) noexcept;
  void report_done();
  void fail_all() noexcept;

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer timer_;
  std::unordered_map<curl_socket_t, std::shared_ptr<SocketWatcher>> watchers_;
  std::unordered_map<CURL*, Client*> running_;
  std::exception_ptr callback_error_;
  CurlMulti multi_;  // goes first: it calls back while it closes its connections
};

}  // namespace xylem::fetcher
