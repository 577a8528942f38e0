#include "pull/keep_alive.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace xylem::pull {

asio::awaitable<void> KeepAlive::run() {
  while (!stopped_) {
    timer_.expires_after(interval_);
    boost::system::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!stopped_) touch();
  }
}

void KeepAlive::stop() {
  stopped_ = true;
  timer_.cancel();
}

void KeepAlive::touch() const {
  try {
    touch_();
  } catch (const std::exception& error) {
    log_warning("Temporary directories could not be touched: {}", error.what());
  }
}

}  // namespace xylem::pull
