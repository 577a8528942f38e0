#pragma once

/// \file
/// From the executor that coordinates to the pool that computes and writes, and back.

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>

#include "task/work_pool.hpp"

namespace xylem {

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

/// Resumes a coroutine after its function was run.
template <typename Function, typename Handler>
class Offloaded : public WorkPool::Job {
 public:
  Offloaded(WorkPool::Length length, Function& function,
            Outcome<std::invoke_result_t<Function&>>& outcome, Handler handler)
      : Job(length),
        function_(function),
        outcome_(outcome),
        handler_(std::move(handler)),
        guard_(asio::make_work_guard(handler_)) {}
  void run() noexcept override { outcome_.run(function_); }
  void finish() override { std::move(handler_)(); }

 private:
  Function& function_;
  Outcome<std::invoke_result_t<Function&>>& outcome_;
  Handler handler_;
  asio::executor_work_guard<asio::associated_executor_t<Handler>> guard_;
};

/// Runs `function` on `pool` and returns what it returns, on the executor of the coroutine.
/// `function` is borrowed until then, so it may refer to the coroutine's variables.
template <typename Function>
asio::awaitable<std::invoke_result_t<Function&>> offload(
    WorkPool& pool, Function function, WorkPool::Length length = WorkPool::Length::Brief) {
  Outcome<std::invoke_result_t<Function&>> outcome;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [&](auto handler) {
        using Job = Offloaded<Function, decltype(handler)>;
        pool.submit(std::make_unique<Job>(length, function, outcome, std::move(handler)));
      },
      asio::use_awaitable);
  co_return outcome.take();
}

}  // namespace xylem
