#include "task/thread_policy.hpp"

#include <sched.h>

namespace xylem {

void compute_without_preempting() noexcept {
  constexpr int calling_thread = 0;
  if (::sched_getscheduler(calling_thread) != SCHED_OTHER) return;
  const sched_param no_priority{};
  ::sched_setscheduler(calling_thread, SCHED_BATCH, &no_priority);
}

}  // namespace xylem
