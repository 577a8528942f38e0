#pragma once

#include <string>
#include <vector>

#include "delta/format/delta_name.hpp"
#include "repo/repo.hpp"

namespace xylem::delta {

struct DeltaProblem {
  DeltaName name;
  std::string message;  ///< Names the delta.
};

/// Reads all deltas of the repository, and says which are of no use to a client: whose superblock
/// is damaged or another one's, or that lack a part or have a damaged one. Sorted by name. Throws
/// Error(Cancelled).
std::vector<DeltaProblem> check_deltas(const repo::Repo& repo, const CancelToken& cancel);

}  // namespace xylem::delta
