#pragma once

#include <vector>

#include "repo/repo.hpp"

namespace xylem::cli {

/// All commit objects of the repository itself, not of its parents, in no order.
std::vector<Checksum> list_commits(const repo::Repo& repo);

}  // namespace xylem::cli
