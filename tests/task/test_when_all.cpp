// Two coroutines at once.

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "task/when_all.hpp"

using namespace xylem;

namespace {

struct Fixture {
  asio::io_context io;
  asio::steady_timer signal{io, asio::steady_timer::time_point::max()};
  bool ended = false;

  asio::awaitable<int> wait_for_signal() {
    boost::system::error_code ignored;
    co_await signal.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    ended = true;
    co_return 1;
  }
  asio::awaitable<std::string> give_signal(std::string result) {
    signal.cancel();
    co_return result;
  }
  template <typename Result>
  asio::awaitable<Result> fail(std::string message) {
    signal.cancel();
    throw std::runtime_error(message);
    co_return Result();
  }

  /// Runs both to their end; returns what they returned, or how they failed.
  template <typename First, typename Second>
  std::string run(asio::awaitable<First> first, asio::awaitable<Second> second) {
    std::string story;
    asio::co_spawn(io, when_all(std::move(first), std::move(second)),
                   [&](std::exception_ptr error, std::pair<First, Second> results) {
                     try {
                       if (error) std::rethrow_exception(error);
                       story = "done: " + results.second;
                     } catch (const std::runtime_error& failure) {
                       story = failure.what();
                     }
                   });
    io.run();
    return story;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "the second runs while the first waits", "[pull]") {
  CHECK(run(wait_for_signal(), give_signal("both")) == "done: both");
  CHECK(ended);
}

TEST_CASE_METHOD(Fixture, "a failure is told when both have ended", "[pull]") {
  CHECK(run(wait_for_signal(), fail<std::string>("second")) == "second");
  CHECK(ended);
}

TEST_CASE_METHOD(Fixture, "of two failures the first one's is told", "[pull]") {
  CHECK(run(fail<int>("first"), fail<std::string>("second")) == "first");
}
