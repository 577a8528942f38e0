#pragma once

/// \file
/// A bandwidth limit that can be changed while it is in force.

#include <atomic>
#include <cstdint>
#include <memory>

namespace xylem {

/// Copies are one and the same limit. Thread-safe.
class RateLimit {
 public:
  RateLimit() : RateLimit(0) {}
  /// 0 is no limit.
  explicit RateLimit(std::uint64_t bytes_per_second)
      : value_(std::make_shared<std::atomic<std::uint64_t>>(bytes_per_second)) {}

  std::uint64_t bytes_per_second() const noexcept { return value_->load(); }
  /// Takes effect within a second, in pulls that run, too.
  void set(std::uint64_t bytes_per_second) noexcept { value_->store(bytes_per_second); }

 private:
  std::shared_ptr<std::atomic<std::uint64_t>> value_;
};

}  // namespace xylem
