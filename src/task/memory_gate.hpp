#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <list>
#include <utility>

namespace xylem {

namespace asio = boost::asio;

/// Lets coroutines on while what they take together fits; the others wait, first come first served.
/// Who takes more than there is waits until it is alone. One thread; must outlive its leases.
class MemoryGate {
 public:
  /// What a coroutine has taken, until it is destroyed.
  class Lease {
   public:
    Lease() = default;
    Lease(MemoryGate& gate, std::uint64_t amount) : gate_(&gate), amount_(amount) {}
    Lease(Lease&& other) noexcept
        : gate_(std::exchange(other.gate_, nullptr)), amount_(other.amount_) {}
    Lease& operator=(Lease&& other) noexcept;
    ~Lease() { release(); }
    void release();

   private:
    MemoryGate* gate_ = nullptr;
    std::uint64_t amount_ = 0;
  };

  /// In bytes.
  MemoryGate(asio::any_io_executor executor, std::uint64_t capacity)
      : executor_(std::move(executor)), capacity_(capacity) {}

  asio::awaitable<Lease> take(std::uint64_t amount);

 private:
  bool fits(std::uint64_t amount) const;
  void wake_first();

  asio::any_io_executor executor_;
  std::uint64_t capacity_;
  std::uint64_t taken_ = 0;
  std::list<asio::steady_timer> waiting_;  ///< None of them ever expires.
};

}  // namespace xylem
