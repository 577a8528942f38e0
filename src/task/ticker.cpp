#include "task/ticker.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace xylem {

asio::awaitable<void> Ticker::run() {
  while (!stopped_) {
    timer_.expires_after(interval_);
    boost::system::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!stopped_) tick();
  }
}

void Ticker::stop() {
  stopped_ = true;
  timer_.cancel();
}

void Ticker::tick() const {
  try {
    job_();
  } catch (const std::exception& error) {
    log_warning("{}", error.what());
  }
}

}  // namespace xylem
