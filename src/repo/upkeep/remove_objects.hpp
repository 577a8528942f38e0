#pragma once

/// \file
/// Deletes single objects, under the rules of prune.

#include "base/error_list.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

struct RemovalReport {
  std::uint64_t objects = 0;
  std::uint64_t bytes_freed = 0;
  ErrorList failures;  ///< What could not be removed; all else was.
};

/// Only what nothing needs: no commit that a ref or a lease leads to, nothing that a lease names,
/// and nothing below a commit that stays, whether or not a ref leads to that. Throws
/// Error(InvalidArgument) that names the object otherwise, and Error(NotFound) for one that is not
/// here; nothing is deleted then. Waits for the exclusive repository lock as prune() does.
RemovalReport remove_objects(Repo& repo, const std::vector<object::ObjectName>& names,
                             const CancelToken& cancel);

}  // namespace xylem::repo
