#pragma once

/// \file
/// Room `tree/commit`: directories, archives and other commits to a commit. Knows nothing of
/// checkouts.
///
/// From directories, archives and other commits to a commit, checksum for checksum what libostree
/// makes of the same input.

#include "repo/transaction/transaction.hpp"
#include "tree/commit_request.hpp"

namespace xylem::tree {

/// Writes all objects of the commit into `transaction`, which the caller commits. Throws
/// Error(InvalidArgument) for what cannot be committed: devices, sockets, names that are not UTF-8,
/// a file over a directory, paths of mode_adds or skip_paths that did not come up.
CommitOutcome commit_tree(repo::Transaction& transaction, const CommitRequest& request);

}  // namespace xylem::tree
