#pragma once

/// \file
/// From the executor that coordinates to the pool that computes and writes, and back.

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>

namespace xylem::pull {

namespace asio = boost::asio;

/// What a function returned or threw, to be carried from one thread to another.
template <typename Result>
class Outcome {
 public:
  template <typename Function>
  void run(Function& function) noexcept {
    try {
      value_.emplace(function());
    } catch (...) {
      error_ = std::current_exception();
    }
  }
  Result take() {
    if (error_) std::rethrow_exception(error_);
    return std::move(*value_);
  }

 private:
  std::optional<Result> value_;
  std::exception_ptr error_;
};

template <>
class Outcome<void> {
 public:
  template <typename Function>
  void run(Function& function) noexcept {
    try {
      function();
    } catch (...) {
      error_ = std::current_exception();
    }
  }
  void take() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::exception_ptr error_;
};

/// Runs `function` on `pool` and returns what it returns, on the executor of the coroutine.
/// `function` is borrowed until then, so it may refer to the coroutine's variables.
template <typename Function>
asio::awaitable<std::invoke_result_t<Function&>> offload(asio::thread_pool& pool,
                                                         Function function) {
  Outcome<std::invoke_result_t<Function&>> outcome;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [&](auto handler) {
        auto executor = asio::prefer(asio::get_associated_executor(handler),
                                     asio::execution::outstanding_work.tracked);
        asio::post(pool, [&outcome, &function, executor, handler = std::move(handler)]() mutable {
          outcome.run(function);
          asio::post(executor, std::move(handler));
        });
      },
      asio::use_awaitable);
  co_return outcome.take();
}

}  // namespace xylem::pull
