#pragma once

#include <atomic>
#include <cstdint>

#include "base/os/os_observer.hpp"

namespace xylem::test {

/// What happens to a process at one of its calls.
struct Interruption {
  std::uint64_t at = 0;  ///< The first call is 1; 0 is never.
  int error_number = 0;  ///< That the call fails with; 0 kills the process by SIGKILL instead.
  /// As if it stayed so: later calls that this can happen to fail, too, until the end.
  bool from_now_on = false;
};

/// Counts the calls of a process, and interrupts one.
class Interrupter : public os::Observer {
 public:
  explicit Interrupter(const Interruption& interruption) : interruption_(interruption) {}

  long call(const os::Call& call, const std::function<long()>& real) override;

  std::uint64_t calls() const { return calls_; }

 private:
  const Interruption interruption_;
  std::atomic<std::uint64_t> calls_ = 0;
};

}  // namespace xylem::test
