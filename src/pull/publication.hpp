#pragma once

/// \file
/// From fetched objects to a published pull.

#include <functional>
#include <vector>

#include "pull/remote/ref_index.hpp"
#include "pull/source/pull_context.hpp"
#include "pull/targets.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// What a pull has published.
struct Published {
  std::vector<PulledRef> refs;
  repo::IngestStats stats;
};

/// Makes sure that what other pulls have fetched for this one will be in the repository. What they
/// have lost, because they died and were cleaned up after, is fetched after all: `fetch` pushes it
/// into the group.
asio::awaitable<void> secure_borrowed(PullContext& context,
                                      std::function<void(const Checksum&)> fetch);

/// Publishes the objects of the transaction, then the refs, unless these are kept as they are.
asio::awaitable<Published> publish(PullContext& context, std::vector<PullTarget> targets,
                                   bool keep_refs);

/// Copies the source's summary and its signature into `repo`, if there is one.
asio::awaitable<void> copy_summary(RefIndex& index, const repo::Repo& repo, bool fsync);

}  // namespace xylem::pull
