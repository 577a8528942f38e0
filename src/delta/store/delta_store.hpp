#pragma once

/// \file
/// Room `delta/store`: the static deltas of a repository, and those in files: listed, described,
/// verified, deleted, applied, put in place. Knows nothing of networks, how a delta is made.

#include <string>

#include "delta/apply/delta_file.hpp"
#include "repo/repo.hpp"

namespace xylem::delta {

/// "<from>-<to>" or "<to>"; throws Error(InvalidArgument) for what is not one.
DeltaName require_delta_name(const std::string& text);

/// A delta of the repository by its name, or, if there is a slash in `argument`, one in a file or
/// directory. Throws Error(NotFound), Error(InvalidArgument), Error(Corrupt).
DeltaFile open_delta(const repo::Repo& repo, const std::string& argument);

/// Removes a delta at once, and from the index of its commit if there is one. A summary goes on
/// naming it until it is made anew. Throws Error(NotFound).
void delete_delta(repo::Repo& repo, const DeltaName& name);

/// Makes the indexes say which deltas there are, all of them or that of one commit.
void reindex(repo::Repo& repo, const std::optional<Checksum>& to);

}  // namespace xylem::delta
