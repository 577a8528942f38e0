#pragma once

/// \file
/// Room `pull`: one pull: its parts put together, run and published. Knows nothing of curl, the
/// terminal.

#include "repo/repo.hpp"
#include "xylem/cancel.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// Runs one pull into `repo`, which must stay open and keep its configuration meanwhile, on this
/// thread and a pool of its own, and returns when it is over. There is no global state: any number
/// of pulls may run at once, in one process or in several. Throws Error; what was fetched until
/// then is kept for the next pull.
PullResult run(repo::Repo& repo, const PullOptions& options, PullObserver* observer,
               const CancelToken& cancel);

}  // namespace xylem::pull
