#pragma once

#include <functional>

#include "pull/remote/verification.hpp"
#include "repo/repo.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// From now on this thread, and those it starts, can write only in the repository and where the
/// options let them, and not make system calls that no pull needs. For good. Throws
/// Error(Unsupported) if the kernel has no Landlock; warns if it has no seccomp.
void enter_sandbox(const repo::Repo& repo, const Verification& verification,
                   const PullOptions& options);

/// Runs `pull` on a thread of its own, so that the caller does not end up in its sandbox. Throws
/// what it throws.
PullResult run_apart(const std::function<PullResult()>& pull);

}  // namespace xylem::pull
