#pragma once

#include "cli/commit/commit_options.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

/// Metadata from options, in the order in which libostree writes it: strings, values in GVariant
/// text format, what is kept from the parent.
object::Dict commit_metadata(const repo::Repo& repo, const CommitOptions& options,
                             const std::optional<Checksum>& parent);
object::Dict detached_metadata(const CommitOptions& options);

}  // namespace xylem::cli
