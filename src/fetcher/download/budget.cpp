#include "fetcher/download/budget.hpp"

#include <algorithm>

namespace xylem::fetcher {

BudgetShare::~BudgetShare() {
  resize(0);
}

bool BudgetShare::resize(std::uint64_t size) {
  if (!budget_) return size == 0;
  if (!budget_->try_change(size_, size)) return false;
  size_ = size;
  return true;
}

std::optional<BudgetShare> Budget::try_take(std::uint64_t size) {
  size = std::min(size, limit_);
  if (!try_change(0, size)) return std::nullopt;
  return BudgetShare(shared_from_this(), size);
}

std::uint64_t Budget::used() const {
  const std::lock_guard lock(mutex_);
  return used_;
}

void Budget::detach() {
  const std::lock_guard lock(mutex_);
  room_again_ = nullptr;
}

bool Budget::try_change(std::uint64_t from, std::uint64_t to) {
  const std::lock_guard lock(mutex_);
  if (to > from && to - from > limit_ - used_) {
    refused_ = true;
    return false;
  }
  used_ += to - from;
  if (to < from && std::exchange(refused_, false) && room_again_) room_again_();
  return true;
}

}  // namespace xylem::fetcher
