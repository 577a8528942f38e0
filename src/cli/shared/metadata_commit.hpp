#pragma once

#include "cli/shared/signing.hpp"

namespace xylem::cli {

/// In a repository with a collection ID, commits `metadata`, what a summary says besides its refs,
/// to the collection's ref `ostree-metadata`: a commit without files, signed as the options say.
/// Clients that get refs from others than the collection's own server verify it there. Elsewhere it
/// does nothing.
void commit_summary_metadata(repo::Repo& repo, const object::Dict& metadata,
                             const SigningOptions& signing);

}  // namespace xylem::cli
