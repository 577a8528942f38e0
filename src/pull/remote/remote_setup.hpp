#pragma once

/// \file
/// From a remote's configuration and the pull's options to a fetcher's.

#include "fetcher/fetcher.hpp"
#include "pull/remote/remote_location.hpp"
#include "pull/remote/summary_cache.hpp"
#include "repo/config/remote.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/repo.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// Throws Error(InvalidArgument) or Error(Unsupported) if the remote is not one that can be pulled
/// from by us.
void require_usable(const repo::Remote& remote);

/// What the remote and --url name. Throws Error(InvalidArgument).
RemoteLocation remote_location(const repo::Remote& remote, const PullOptions& options);

/// Throws what remote_location() throws.
void require_location(const repo::Remote& remote, const PullOptions& options);

/// Below --cache-dir, or in the repository. With --url nothing is cached: the names of versions
/// (ETag) mean something at their own server only.
SummaryCache open_summary_cache(const repo::Repo& repo, const repo::Remote& remote,
                                const PullOptions& options);

/// The summary that the options give, if they do.
std::optional<repo::SummaryFiles> given_summary(const PullOptions& options);

/// What the observer of the pull is told of a failure that the fetcher got over. Pure.
PullMessage message_of(const fetcher::FetchEvent& event);

fetcher::FetcherOptions fetcher_options(const repo::Repo& repo, const repo::Remote& remote,
                                        const PullOptions& options);

}  // namespace xylem::pull
