#pragma once

#include <vector>

#include "fetcher/http/target_cache.hpp"
#include "fetcher/policy/mirror_health.hpp"
#include "fetcher/request/request.hpp"

namespace xylem::fetcher {

/// The mirrors of a request that are not to be avoided, in the order in which to ask them. Throws
/// Error(InvalidArgument) for a bad URL, or if there is none.
std::vector<Target> targets_of(const Request& request, TargetCache& cache,
                               const MirrorTable& mirrors, SteadyTime now);

}  // namespace xylem::fetcher
