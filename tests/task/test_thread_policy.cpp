#include <sched.h>

#include <catch2/catch.hpp>
#include <thread>

#include "task/thread_policy.hpp"

using namespace xylem;

namespace {

/// The policy that a new thread with this one has in the end; -1 if it may not have it.
int policy_after(int given) {
  int policy = -1;
  std::jthread([&] {
    const sched_param no_priority{};
    if (::sched_setscheduler(0, given, &no_priority) != 0) return;
    compute_without_preempting();
    policy = ::sched_getscheduler(0);
  }).join();
  return policy;
}

}  // namespace

TEST_CASE("a computing thread runs in batches, and keeps what it was told otherwise") {
  const int before = ::sched_getscheduler(0);
  if (policy_after(SCHED_BATCH) == -1) {
    WARN("this system refuses the policy");
    return;
  }
  CHECK(policy_after(SCHED_BATCH) == SCHED_BATCH);
  if (before == SCHED_OTHER) CHECK(policy_after(SCHED_OTHER) == SCHED_BATCH);
  CHECK(policy_after(SCHED_IDLE) == SCHED_IDLE);
  CHECK(::sched_getscheduler(0) == before);
}
