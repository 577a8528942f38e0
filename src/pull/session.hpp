#pragma once

/// \file
/// Room `pull`: one pull: its parts put together, run and published. Knows nothing of curl, the
/// terminal.

#include <string>

#include "xylem/cancel.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// Runs one pull into the repository at `repo_path`, on this thread and a pool of its own, and
/// returns when it is over. There is no global state: any number of pulls may run at once, in one
/// process or in several. Throws Error; what was fetched until then is kept for the next pull.
PullResult run(const std::string& repo_path, const PullOptions& options, PullObserver* observer,
               const CancelToken& cancel);

}  // namespace xylem::pull
