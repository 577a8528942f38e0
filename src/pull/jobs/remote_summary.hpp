#pragma once

#include <optional>

#include "repo/refs/summary_file.hpp"
#include "repo/repo.hpp"
#include "xylem/cancel.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// The `summary` of a configured remote, as it came, verified if the remote's configuration says
/// so; nullopt if the remote has none. The signature is there if it was verified, and with
/// `always_signature` whenever the remote has one. Of the options only the remote's name, the URL
/// and those of the network count. Blocks; throws Error as a pull does.
std::optional<repo::SummaryFiles> fetch_remote_summary(const repo::Repo& repo, PullOptions options,
                                                       const CancelToken& cancel,
                                                       bool always_signature = false);

}  // namespace xylem::pull
