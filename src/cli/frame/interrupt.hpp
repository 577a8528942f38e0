#pragma once

#include <csignal>
#include <thread>

#include "base/os/fd.hpp"
#include "xylem/cancel.hpp"

namespace xylem::cli {

/// While it lives, the first SIGINT or SIGTERM cancels token(), and a second one ends the process
/// as it does by default. SIGPIPE is ignored from then on: a lost peer is an error of its call.
/// Make it before any thread that should not see those signals; one at a time.
class InterruptWatcher {
 public:
  InterruptWatcher();
  InterruptWatcher(const InterruptWatcher&) = delete;
  InterruptWatcher& operator=(const InterruptWatcher&) = delete;
  ~InterruptWatcher();

  CancelToken token() const { return source_.token(); }

 private:
  void watch();

  CancelSource source_;
  sigset_t old_mask_{};
  UniqueFd signals_;  ///< signalfd of both signals.
  UniqueFd stop_;     ///< eventfd; written by the destructor.
  std::thread thread_;
};

}  // namespace xylem::cli
