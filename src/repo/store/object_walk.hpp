#pragma once

/// \file
/// What there is in a repository, looked at object by object.

#include <functional>
#include <optional>

#include "repo/repo.hpp"
#include "xylem/store.hpp"

namespace xylem::repo {

/// nullopt if the repository itself does not have it. Throws Error(Corrupt) for a file whose header
/// cannot be read.
std::optional<ObjectInfo> look_at_object(const Repo& repo, const object::ObjectName& name);

/// See ObjectStore::walk().
void walk_objects(const Repo& repo, const ObjectFilter& filter,
                  const std::function<bool(const ObjectInfo&)>& visit, const CancelToken& cancel);

}  // namespace xylem::repo
