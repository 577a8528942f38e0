#pragma once

/// \file
/// The repository's own summary.

#include <functional>

#include "object/summary.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

/// `summary` and `summary.sig`, as they are.
struct SummaryFiles {
  Bytes summary;
  std::optional<Bytes> signature;
};

/// Reads those of a repository that may be anybody's: a symlink that leads out of it is refused.
/// nullopt if there is no summary. Throws Error(Corrupt) past `limit` bytes, Error(Io) for what is
/// no regular file.
std::optional<SummaryFiles> read_summary_files(const Repo& repo, std::uint64_t limit);

/// The bytes of `summary`; nullopt if there is none. Throws Error(Corrupt) past `limit` bytes.
std::optional<Bytes> read_summary(const Repo& repo, std::uint64_t limit);
/// Reads `summary`; nullopt if there is none.
std::optional<object::Summary> load_summary(const Repo& repo);
/// From the bytes of a summary to those of its `summary.sig`.
using SummarySigner = std::function<Bytes(ByteView)>;

/// Replaces `summary` and `summary.sig` by those of somebody else, as a mirror does; without a
/// signature, a `summary.sig` that no longer fits is removed. Takes the lock on the summary.
void replace_summary(const Repo& repo, const SummaryFiles& files, bool fsync);

/// Lists refs, deltas and mode as libostree does, adds `extra` to the metadata, and replaces
/// `summary` atomically. `sign`, if there is one, makes the new `summary.sig` before anything is
/// replaced; without, a `summary.sig` that no longer fits is removed. Brings delta-indexes/ up
/// to date too, which the summary promises. Takes the shared repository lock, as libostree does (a
/// caller that holds the exclusive one would wait for itself), and the lock on the summary from the
/// first look at a ref to the end. Refs that cannot be read, or lead to no commit, are left out,
/// and thrown when the rest is written.
void update_summary(Repo& repo, const object::Dict& extra = {}, const SummarySigner& sign = {});

/// After refs have changed: updates the summary if `core.auto-update-summary` asks for it.
void refresh_summary(Repo& repo);

}  // namespace xylem::repo
