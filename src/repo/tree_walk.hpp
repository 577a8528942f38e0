#pragma once

/// \file
/// The walk behind everything that follows dirtrees.

#include <functional>
#include <optional>

#include "object/commit.hpp"
#include "object/dirtree.hpp"
#include "object/names/object_set.hpp"

namespace xylem::repo {

/// Gives a dirtree, or nullopt to go on without it.
using TreeLoader = std::function<std::optional<object::DirTree>(const object::ObjectName&)>;

/// Adds all dirtrees, dirmetas and files below the commit's root to `reachable`. What is in there
/// already is not walked again. Needs memory for what is still to be walked, not for the depth.
void walk_trees(const object::Commit& commit, const TreeLoader& load, object::ObjectSet& reachable);

}  // namespace xylem::repo
