#include "fetcher/curl/socket_watcher.hpp"

namespace xylem::fetcher {

namespace {
using Descriptor = boost::asio::posix::stream_descriptor;
}

SocketWatcher::SocketWatcher(const boost::asio::any_io_executor& executor, curl_socket_t fd,
                             Ready ready)
    : descriptor_(executor, fd),
      fd_(fd),
      ready_(std::move(ready)),
      in_{Descriptor::wait_read, CURL_POLL_IN, CURL_CSELECT_IN},
      out_{Descriptor::wait_write, CURL_POLL_OUT, CURL_CSELECT_OUT} {}

void SocketWatcher::watch(int what) {
  what_ = what;
  arm(in_);
  arm(out_);
}

void SocketWatcher::stop() noexcept {
  what_ = 0;
  if (descriptor_.is_open()) descriptor_.release();
}

void SocketWatcher::arm(Direction& direction) {
  if (direction.pending || (what_ & direction.poll_flag) == 0) return;
  direction.pending = true;
  descriptor_.async_wait(direction.wait, [self = shared_from_this(), &direction](
                                             const auto& error) { self->fired(direction, error); });
}

void SocketWatcher::fired(Direction& direction, const boost::system::error_code& error) {
  direction.pending = false;
  if (error || (what_ & direction.poll_flag) == 0) return;
  ready_(fd_, direction.ready_flag);
  arm(direction);
}

}  // namespace xylem::fetcher
