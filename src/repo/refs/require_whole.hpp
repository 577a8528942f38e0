#pragma once

/// \file
/// For those who need a commit with all that belongs to it.

#include "base/codec/checksum.hpp"

namespace xylem::repo {

class Repo;

/// Throws Error(NotFound) unless the commit is here and not marked partial; its hint says which
/// pull completes it. Looks at the marker only: O(1).
void require_whole(const Repo& repo, const Checksum& commit);

/// As above, but content with a commit whose objects happen to be all here, whatever the marker
/// says: for who needs one directory of it, `tree` with `meta`. Walks the tree below it.
void require_whole_below(const Repo& repo, const Checksum& commit, const Checksum& tree,
                         const Checksum& meta);

}  // namespace xylem::repo
