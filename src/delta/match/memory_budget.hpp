#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace xylem::delta {

/// Lets threads work at the same time as long as they need no more memory together than there is.
/// One that needs more than that works alone.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes) : bytes_(bytes) {}

  /// Given back when it is destroyed.
  class Share {
   public:
    Share(MemoryBudget& budget, std::uint64_t bytes) : budget_(budget), bytes_(bytes) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { budget_.give_back(bytes_); }

   private:
    MemoryBudget& budget_;
    std::uint64_t bytes_;
  };

  /// Waits until so much is free, or nobody has anything.
  Share take(std::uint64_t bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return used_ == 0 || used_ + bytes <= bytes_; });
    used_ += bytes;
    return {*this, bytes};
  }

 private:
  void give_back(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    used_ -= bytes;
    changed_.notify_all();
  }

  std::uint64_t bytes_;
  std::mutex mutex_;  ///< Protects used_.
  std::uint64_t used_ = 0;
  std::condition_variable changed_;
};

/// Bytes of memory that the machine has free, or could free at once.
std::uint64_t available_memory();

}  // namespace xylem::delta
