#pragma once

/// \file
/// Bounds the bytes of bodies that are in memory at once.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace xylem::fetcher {

class Budget;

/// Bytes taken from a budget; the destructor gives them back, on any thread.
class BudgetShare {
 public:
  BudgetShare() = default;
  BudgetShare(BudgetShare&& other) noexcept
      : budget_(std::move(other.budget_)), size_(std::exchange(other.size_, 0)) {}
  BudgetShare& operator=(BudgetShare&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~BudgetShare();

  std::uint64_t size() const { return size_; }
  /// Changes the share to `size` bytes; false, and nothing changes, if the budget has no room.
  bool resize(std::uint64_t size);

 private:
  friend class Budget;
  BudgetShare(std::shared_ptr<Budget> budget, std::uint64_t size)
      : budget_(std::move(budget)), size_(size) {}
  std::shared_ptr<Budget> budget_;
  std::uint64_t size_ = 0;
};

/// Held by shared_ptr, by its owner and by the shares. Any thread.
class Budget : public std::enable_shared_from_this<Budget> {
 public:
  /// `room_again` is called, on any thread and at most once for each refusal in a row, when bytes
  /// come back after try_take() was refused. It must not throw.
  Budget(std::uint64_t limit, std::function<void()> room_again)
      : limit_(limit), room_again_(std::move(room_again)) {}

  /// A share of `size` bytes, or of the whole budget if that is less; nullopt if there is no room.
  std::optional<BudgetShare> try_take(std::uint64_t size);
  std::uint64_t used() const;
  /// No more calls of `room_again`; returns when one that runs has ended.
  void detach();

 private:
  friend class BudgetShare;
  bool try_change(std::uint64_t from, std::uint64_t to);

  mutable std::mutex mutex_;
  const std::uint64_t limit_;
  std::uint64_t used_ = 0;
  bool refused_ = false;
  std::function<void()> room_again_;
};

}  // namespace xylem::fetcher
