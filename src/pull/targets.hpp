#pragma once

/// \file
/// From what was asked for to commits.

#include <string>
#include <vector>

#include "pull/commit_puller.hpp"
#include "pull/request.hpp"

namespace xylem::pull {

/// What to pull if no refs were named: the remote's branches, or all that the source has.
/// Throws Error(InvalidArgument) if that is nothing.
asio::awaitable<std::vector<RefRequest>> requests_of(const PullOptions& options,
                                                     const repo::Remote& remote, Source& source);

/// Where the refs of this pull are written.
struct RefNamespace {
  std::optional<std::string> remote;      ///< refs/remotes/<remote>; refs/heads without.
  std::optional<std::string> collection;  ///< refs/mirrors/<collection> instead.
};
RefNamespace ref_namespace(const PullOptions& options, const repo::Remote& remote,
                           const repo::Config& config);
/// The commit that the ref has there now.
std::optional<Checksum> current_commit(const repo::Repo& repo, const RefNamespace& where,
                                       const std::string& ref);

/// Finds the commit of each request, and the commits that it may not be older than.
asio::awaitable<std::vector<Target>> resolve_targets(std::vector<RefRequest> requests,
                                                     const PullOptions& options,
                                                     const repo::Repo& repo,
                                                     const RefNamespace& where, Source& source);

}  // namespace xylem::pull
