#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "task/memory_gate.hpp"
#include "task/sleep.hpp"

using namespace xylem;

namespace {

/// Coroutines that take something each and hold it for a moment.
class Users {
 public:
  explicit Users(std::uint64_t capacity) : gate_(io_.get_executor(), capacity) {}

  void add(std::uint64_t amount) { asio::co_spawn(io_, use(amount), rethrow); }
  void run() { io_.run(); }

  std::uint64_t most = 0;  ///< That was taken at once.
  std::vector<std::uint64_t> order;

 private:
  static void rethrow(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  }

  asio::awaitable<void> use(std::uint64_t amount) {
    const MemoryGate::Lease lease = co_await gate_.take(amount);
    taken_ += amount;
    most = std::max(most, taken_);
    order.push_back(amount);
    co_await sleep_for(std::chrono::milliseconds(5));
    taken_ -= amount;
  }

  asio::io_context io_;
  MemoryGate gate_;
  std::uint64_t taken_ = 0;
};

}  // namespace

TEST_CASE("what is taken at once stays within the capacity") {
  Users users(10);
  for (int i = 0; i < 20; ++i) users.add(3 + i % 4);
  users.run();
  CHECK(users.order.size() == 20);
  CHECK(users.most <= 10);
  CHECK(users.most > 6);
}

TEST_CASE("who comes first goes first, and a large one is not passed by small ones") {
  Users users(10);
  for (const int amount : {6, 9, 1, 2}) users.add(static_cast<std::uint64_t>(amount));
  users.run();
  CHECK(users.order == std::vector<std::uint64_t>{6, 9, 1, 2});
}

TEST_CASE("who takes more than there is goes alone") {
  Users users(10);
  for (const int amount : {4, 50, 4}) users.add(static_cast<std::uint64_t>(amount));
  users.run();
  CHECK(users.order == std::vector<std::uint64_t>{4, 50, 4});
  CHECK(users.most == 50);
}
