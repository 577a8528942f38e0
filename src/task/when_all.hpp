#pragma once

/// \file
/// Two coroutines at once, for requests that do not need each other's answers.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace xylem {

namespace asio = boost::asio;

/// A coroutine that runs beside the one that makes this. One thread. end() must have been awaited
/// before it is destroyed.
template <typename Result>
class Companion {
 public:
  Companion(const asio::any_io_executor& executor, asio::awaitable<Result> work)
      : ended_(executor, asio::steady_timer::time_point::max()) {
    asio::co_spawn(executor, std::move(work), [this](std::exception_ptr error, Result result) {
      error_ = error;
      result_.emplace(std::move(result));
      ended_.cancel();
    });
  }
  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;

  /// Waits for its end.
  asio::awaitable<void> end() {
    boost::system::error_code ignored;
    while (!result_) co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  /// What it returned or threw; once, after end().
  Result take() {
    if (error_) std::rethrow_exception(error_);
    return std::move(*result_);
  }

 private:
  asio::steady_timer ended_;
  std::exception_ptr error_;
  std::optional<Result> result_;
};

/// Runs both and returns what they return. When both have ended it throws the failure of `first`,
/// or else that of `second`. Results must have a default constructor.
template <typename First, typename Second>
asio::awaitable<std::pair<First, Second>> when_all(asio::awaitable<First> first,
                                                   asio::awaitable<Second> second) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Companion<First> leading(executor, std::move(first));
  Companion<Second> following(executor, std::move(second));
  co_await leading.end();
  co_await following.end();
  First one = leading.take();
  co_return std::pair<First, Second>(std::move(one), following.take());
}

}  // namespace xylem
