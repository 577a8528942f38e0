#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "repo/repo.hpp"
#include "xylem/cancel.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// The `summary` of a configured remote, as it came; nullopt if the remote has none. Of the options
/// only the remote's name, the URL and those of the network count. Blocks; throws Error as a pull
/// does, Error(Unsupported) if the remote wants its summary's signature verified.
std::optional<Bytes> fetch_remote_summary(const repo::Repo& repo, PullOptions options,
                                          const CancelToken& cancel);

}  // namespace xylem::pull
