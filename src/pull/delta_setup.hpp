#pragma once

/// \file
/// From what the caller and the configuration say of static deltas to who pulls by them.

#include <memory>

#include "pull/delta/delta_mirror.hpp"
#include "pull/delta/delta_puller.hpp"
#include "pull/remote/verification.hpp"
#include "pull/source/source_factory.hpp"

namespace xylem::pull {

/// Whether, and how strictly, deltas are wanted; options count more than the configuration.
bool wants_deltas(const PullOptions& options, const repo::Remote& remote);
repo::RequireDeltas required_deltas(const PullOptions& options, const repo::Remote& remote);

/// The files of deltas at an open source, from which it borrows; none if no deltas are wanted.
struct OpenDeltaFiles {
  std::unique_ptr<DeltaFiles> files;
  DeltaMirror* mirror = nullptr;  ///< The same, or null.
};
OpenDeltaFiles open_delta_files(const PullOptions& options, const repo::Remote& remote,
                                const OpenSource& origin, const PullContext& context);

DeltaPuller::Settings delta_settings(const PullOptions& options, const repo::Remote& remote,
                                     const Verification& verification, const OpenSource& origin,
                                     const repo::Repo& repo);

}  // namespace xylem::pull
