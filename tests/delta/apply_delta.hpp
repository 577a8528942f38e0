#pragma once

#include <string>

#include "delta/apply/part_executor.hpp"

namespace xylem::test {

/// Applies all parts of the delta in a directory to a repository, one after the other.
delta::PartOutcome apply_parts(const std::string& repo, const std::string& delta);

/// As above, with the commit itself, which the branch "main" then is.
delta::PartOutcome apply_delta(const std::string& repo, const std::string& delta);

}  // namespace xylem::test
