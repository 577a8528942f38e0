#pragma once

/// \file
/// The repository's own summary.

#include "object/summary.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

/// Reads `summary`; nullopt if there is none.
std::optional<object::Summary> load_summary(const Repo& repo);
/// Lists refs, deltas and mode as libostree does, adds `extra` to the metadata, and replaces
/// `summary` atomically; a `summary.sig` that no longer fits is removed. Brings delta-indexes/ up
/// to date too, which the summary promises. Takes the shared repository lock: a caller that holds
/// the exclusive one would wait for itself.
void update_summary(Repo& repo, const object::Dict& extra = {});

}  // namespace xylem::repo
