#pragma once

/// \file
/// Work beside the caller's main loop, whose sources go on to run, as they would below libostree.

#include <gio/gio.h>

#include <functional>

#include "xylem/cancel.hpp"

namespace xylem::interpose {

/// Runs `work` on a thread of its own that takes no signals, and the thread-default main context of
/// this thread meanwhile, until the work is done and its thread gone. Throws what it throws, and
/// NotOurs if there is no thread to be had. `cancellable`, which may be null, cancels `source`.
void run_beside_host(const std::function<void()>& work, GCancellable* cancellable,
                     const CancelSource& source);

}  // namespace xylem::interpose
