#pragma once

/// \file
/// What a commit reaches.

#include <functional>

#include "object/names/object_set.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

/// Adds the commit's dirtrees, dirmetas and files (not itself) to `reachable`, without recursion.
/// Trees that are in `reachable` already are not walked again. `missing`, if given, is called for a
/// commit or dirtree that is not there, and the walk goes on; otherwise Error(NotFound) is thrown.
/// Whether files and dirmetas are there is not asked.
void traverse_commit(const Repo& repo, const Checksum& commit, object::ObjectSet& reachable,
                     const std::function<void(const object::ObjectName&)>& missing = {});

}  // namespace xylem::repo
