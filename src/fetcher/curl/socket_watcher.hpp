#pragma once

/// \file
/// Watches one of curl's sockets with Asio. The socket stays curl's.

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>

namespace xylem::fetcher {

/// One thread. Held by shared_ptr, because waits that were begun outlive stop().
class SocketWatcher : public std::enable_shared_from_this<SocketWatcher> {
 public:
  /// Called with the socket and CURL_CSELECT_* flags.
  using Ready = std::function<void(curl_socket_t, int)>;

  /// Throws boost::system::system_error if the socket cannot be watched.
  SocketWatcher(const boost::asio::any_io_executor& executor, curl_socket_t fd, Ready ready);
  ~SocketWatcher() { stop(); }

  /// Calls `ready` while the socket is as CURL_POLL_* `what` asks, until watch() or stop() is
  /// called again.
  void watch(int what);
  /// Lets the socket go without closing it.
  void stop() noexcept;

 private:
  struct Direction {
    boost::asio::posix::stream_descriptor::wait_type wait;
    int poll_flag;
    int ready_flag;
    bool pending = false;
  };

  void arm(Direction& direction);
  void fired(Direction& direction, const boost::system::error_code& error);

  boost::asio::posix::stream_descriptor descriptor_;
  curl_socket_t fd_;
  Ready ready_;
  int what_ = 0;
  Direction in_;
  Direction out_;
};

}  // namespace xylem::fetcher
