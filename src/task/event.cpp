#include "task/event.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "xylem/error.hpp"

namespace xylem {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

[[noreturn]] void fail_cancelled() {
  throw Error(ErrorKind::Cancelled, "The download was cancelled");
}

/// Keeps an event in a set while it is waited for.
class Enrolled {
 public:
  Enrolled(std::unordered_set<Event*>& set, Event& event) : set_(set), event_(event) {
    set_.insert(&event_);
  }
  Enrolled(const Enrolled&) = delete;
  Enrolled& operator=(const Enrolled&) = delete;
  ~Enrolled() { set_.erase(&event_); }

 private:
  std::unordered_set<Event*>& set_;
  Event& event_;
};

}  // namespace

void Event::set() {
  set_ = true;
  timer_.cancel();
}

asio::awaitable<void> Waits::wait_until(Event& event, Clock::time_point deadline) {
  check();
  if (event.set_) co_return;
  const Enrolled enrolled(waiting_, event);
  event.timer_.expires_at(deadline);
  boost::system::error_code error;
  co_await event.timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  check();
  if (!event.set_ && error) fail_cancelled();
}

asio::awaitable<void> Waits::wait(Event& event) {
  return wait_until(event, Clock::time_point::max());
}

asio::awaitable<void> Waits::sleep(std::chrono::milliseconds duration) {
  const auto executor = co_await asio::this_coro::executor;
  Event alarm(executor);
  co_await wait_until(alarm, Clock::now() + duration);
}

void Waits::cancel() {
  cancelled_ = true;
  for (Event* event : waiting_) event->set();
}

void Waits::check() const {
  if (cancelled_) fail_cancelled();
}

}  // namespace xylem
