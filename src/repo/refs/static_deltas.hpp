#pragma once

/// \file
/// Which static deltas a repository offers.

#include <vector>

#include "delta/format/index.hpp"

namespace xylem::repo {

class Repo;

/// All that have a superblock, sorted by name as text. Parents are not looked at.
std::vector<delta::DeltaEntry> list_deltas(const Repo& repo);

/// Makes the files in delta-indexes/ say what list_deltas() found, and `core.indexed-deltas` true
/// so that clients look at them.
void write_delta_indexes(Repo& repo, const std::vector<delta::DeltaEntry>& deltas);

}  // namespace xylem::repo
