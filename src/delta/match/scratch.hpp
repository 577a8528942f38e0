#pragma once

#include <mutex>

#include "delta/apply/spool.hpp"

namespace xylem::delta {

/// Where several threads put what they have made, until it is needed. Reading comes after the last
/// append().
class Scratch {
 public:
  explicit Scratch(const SpoolOptions& options) : spool_(options) {}

  /// Any thread.
  Stretch append(ByteView bytes) {
    const std::lock_guard lock(mutex_);
    const Stretch place{spool_.size(), bytes.size()};
    spool_.append(bytes);
    return place;
  }
  const RandomSource& bytes() const { return spool_; }

 private:
  std::mutex mutex_;
  Spool spool_;
};

}  // namespace xylem::delta
