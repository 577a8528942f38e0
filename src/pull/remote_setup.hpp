#pragma once

/// \file
/// From a remote's configuration and the pull's options to a fetcher's. Pure.

#include "fetcher/fetcher.hpp"
#include "pull/remote_files.hpp"
#include "repo/remote.hpp"
#include "repo/repo.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// Throws Error(Unsupported) if the remote, or the options, ask for something that this version
/// cannot do, above all for signatures to be verified: nothing is ever pulled unverified instead.
void require_usable(const repo::Remote& remote, const PullOptions& options);

/// The URLs that the remote and --url name. Throws Error(InvalidArgument).
RemoteUrls remote_urls(const repo::Remote& remote, const PullOptions& options);

fetcher::FetcherOptions fetcher_options(const repo::Repo& repo, const repo::Remote& remote,
                                        const PullOptions& options);

}  // namespace xylem::pull
