#include "task/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace xylem {

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : executor_(executor), idle_(executor, asio::steady_timer::time_point::max()) {}

void TaskGroup::spawn(asio::awaitable<void> task) {
  ++running_;
  asio::co_spawn(executor_, std::move(task), [this](std::exception_ptr error) {
    if (error) fail(error);
    if (--running_ == 0) idle_.cancel();
  });
}

void TaskGroup::fail(std::exception_ptr error) {
  if (failed()) return;
  error_ = std::move(error);
  if (on_failure_) on_failure_();
}

asio::awaitable<void> TaskGroup::join() {
  while (running_ > 0) {
    boost::system::error_code ignored;
    co_await idle_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (error_) std::rethrow_exception(error_);
}

}  // namespace xylem
