#pragma once

#include "repo/space.hpp"

namespace xylem::repo {

/// Space taken from the budget for one file; given back unless the file stays.
class SpaceClaim {
 public:
  /// Throws as SpaceBudget::take().
  SpaceClaim(SpaceBudget& budget, std::uint64_t size) : budget_(budget), size_(size) {
    budget_.take(size_);
  }
  SpaceClaim(const SpaceClaim&) = delete;
  SpaceClaim& operator=(const SpaceClaim&) = delete;
  ~SpaceClaim() {
    if (!kept_) budget_.give_back(size_);
  }

  /// The file is there and needs its space.
  void keep() noexcept { kept_ = true; }

 private:
  SpaceBudget& budget_;
  std::uint64_t size_;
  bool kept_ = false;
};

}  // namespace xylem::repo
