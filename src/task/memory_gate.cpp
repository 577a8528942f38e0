#include "task/memory_gate.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace xylem {

MemoryGate::Lease& MemoryGate::Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  release();
  gate_ = std::exchange(other.gate_, nullptr);
  amount_ = other.amount_;
  return *this;
}

void MemoryGate::Lease::release() {
  MemoryGate* const gate = std::exchange(gate_, nullptr);
  if (gate == nullptr) return;
  gate->taken_ -= amount_;
  gate->wake_first();
}

asio::awaitable<MemoryGate::Lease> MemoryGate::take(std::uint64_t amount) {
  bool is_first = waiting_.empty();
  while (!is_first || !fits(amount)) {
    const auto place = is_first ? waiting_.begin() : waiting_.end();
    const auto turn = waiting_.emplace(place, executor_, asio::steady_timer::time_point::max());
    boost::system::error_code ignored;
    co_await turn->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    waiting_.erase(turn);
    is_first = true;  // only the first is ever woken
  }
  taken_ += amount;
  wake_first();
  co_return Lease(*this, amount);
}

bool MemoryGate::fits(std::uint64_t amount) const {
  return taken_ == 0 || (taken_ <= capacity_ && amount <= capacity_ - taken_);
}

void MemoryGate::wake_first() {
  if (!waiting_.empty()) waiting_.front().cancel();
}

}  // namespace xylem
