#pragma once

/// \file
/// From what was asked for to commits.

#include <string>
#include <variant>
#include <vector>

#include "pull/commit/commit_puller.hpp"
#include "pull/remote/ref_index.hpp"
#include "pull/request.hpp"
#include "repo/config/remote.hpp"
#include "repo/refs/refs.hpp"

namespace xylem::pull {

/// What to pull if no refs were named: the remote's branches, or all that the index has.
/// Throws Error(InvalidArgument) if that is nothing.
asio::awaitable<std::vector<RefRequest>> requests_of(const PullOptions& options,
                                                     const repo::Remote& remote, RefIndex& index);

/// A commit that is to be pulled, with the ref that it is pulled for.
struct PullTarget {
  Target target;
  /// Where the ref is written: a mirror keeps it under the collection of its source, if that has
  /// one. Nothing for a commit without a ref.
  std::variant<std::monostate, object::RefSpec, repo::CollectionRef> destination;
  repo::TimestampCheck timestamps = repo::TimestampCheck::Off;
};

/// The commit that the ref has at its destination now.
std::optional<Checksum> current_commit(const repo::Repo& repo, const PullTarget& target);

/// Finds the commit of each request, and the commits that it may not be older than.
asio::awaitable<std::vector<PullTarget>> resolve_targets(std::vector<RefRequest> requests,
                                                         const PullOptions& options,
                                                         const repo::Remote& remote,
                                                         const repo::Repo& repo, RefIndex& index);

}  // namespace xylem::pull
