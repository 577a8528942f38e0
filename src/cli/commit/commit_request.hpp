#pragma once

#include "cli/commit/commit_options.hpp"
#include "tree/commit/commit_tree.hpp"

namespace xylem::cli {

/// What the options ask for. Throws UsageError for options that contradict each other, and Error
/// for what is not there, cannot be read or is not supported.
tree::CommitRequest make_commit_request(const repo::Repo& repo, const CommitOptions& options);

}  // namespace xylem::cli
