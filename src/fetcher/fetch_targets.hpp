#pragma once

/// \file
/// Which servers a request may ask, and in which order.

#include <vector>

#include "fetcher/http/routes.hpp"
#include "fetcher/policy/mirrors.hpp"
#include "fetcher/request/request.hpp"

namespace xylem::fetcher {

/// The mirrors of a request that are not to be avoided, in the order in which to ask them. Throws
/// Error(InvalidArgument) for a bad URL, or if there is none.
std::vector<Target> targets_of(const Request& request, Routes& routes, const Mirrors& mirrors);

/// Puts them in the order in which to ask them now.
void put_in_order(std::vector<Target>& targets, const Mirrors& mirrors);

}  // namespace xylem::fetcher
