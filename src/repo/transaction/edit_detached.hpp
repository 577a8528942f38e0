#pragma once

#include <functional>

#include "object/commit.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

/// The one way to change detached metadata that is there: takes the lock on it, reads it again, and
/// replaces it, durably, by what `change` returns. Throws what `change` throws, and nothing is
/// written then. libostree takes no lock for it.
void edit_detached(Repo& repo, const Checksum& commit,
                   const std::function<object::Dict(const object::Dict&)>& change);

}  // namespace xylem::repo
