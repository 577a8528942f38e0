#pragma once

/// \file
/// How the kernel treats threads that compute beside one that coordinates.

namespace xylem {

/// From now on the calling thread, when it is woken, lets the thread that runs go on, above all the
/// one that has just woken it (SCHED_BATCH, sched(7)). Its share of the processors stays the same.
/// Does nothing if the thread has been given another policy than the usual one, or where that is
/// refused.
void compute_without_preempting() noexcept;

}  // namespace xylem
