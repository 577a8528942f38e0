#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "pull_site.hpp"
#include "xylem/cancel.hpp"

namespace xylem::test {

/// Pulls on a thread of its own, and is cancelled once it is where the test wants it to be.
class CancelledPull {
 public:
  /// The target is borrowed.
  explicit CancelledPull(const TargetRepo& target) : target_(target) {}

  PullOptions options = impatient();
  const CancelSource& source() const { return source_; }
  /// Whether any bytes of bodies have come.
  bool receives() const { return receives_; }

  /// How long the pull lives on after `reached` has become true. Throws std::runtime_error unless
  /// it then fails with Error(Cancelled), or if `reached` stays false for a minute.
  std::chrono::milliseconds run(const std::function<bool()>& reached);

 private:
  class Watcher;

  const TargetRepo& target_;
  CancelSource source_;
  std::atomic<bool> receives_{false};
};

}  // namespace xylem::test
