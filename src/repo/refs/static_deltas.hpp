#pragma once

/// \file
/// Which static deltas a repository offers.

#include <vector>

#include "delta/format/index.hpp"

namespace xylem::repo {

class Repo;
class RepoLock;

/// The names of all that have a superblock, sorted as text. Parents are not looked at.
std::vector<delta::DeltaName> list_delta_names(const Repo& repo);
/// The same, with the checksums of the superblocks.
std::vector<delta::DeltaEntry> list_deltas(const Repo& repo);

/// Makes the files in delta-indexes/ say what list_deltas() found, and `core.indexed-deltas` true
/// so that clients look at them. For those who hold the lock on the summary; `held` is the
/// repository lock.
void write_delta_indexes(Repo& repo, const RepoLock& held,
                         const std::vector<delta::DeltaEntry>& deltas);
/// The same for the one index of the deltas to a commit, which are given; without any it goes.
void write_delta_index(Repo& repo, const RepoLock& held, const Checksum& to,
                       const std::vector<delta::DeltaEntry>& deltas);

/// The commits of which there are indexes, sorted.
std::vector<Checksum> list_delta_indexes(const Repo& repo);

}  // namespace xylem::repo
