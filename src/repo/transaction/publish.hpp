#pragma once

/// \file
/// Moves staged objects into objects/ (invariants 2 and 4).

#include <span>
#include <vector>

#include "repo/staging/staging_area.hpp"

namespace xylem::repo {

/// In this order: makes the data of all staged objects durable with one barrier; moves everything
/// but commits and makes the names durable; then the same for commits, so that none is ever visible
/// before what it needs. An object that is there already stays as it is; detached metadata is
/// replaced. `published_by_others` is made durable with it: who moved these may not be done yet.
/// With `durable` off nothing is flushed. Returns the commits among the staged objects.
std::vector<object::ObjectName> publish_objects(
    const StagingArea& area, const LooseStore& objects,
    std::span<const object::ObjectName> published_by_others, bool durable);

}  // namespace xylem::repo
