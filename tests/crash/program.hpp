#pragma once

#include <functional>
#include <string>

#include "repo/disk/mode.hpp"

namespace xylem::test {

/// Calls for each mode that can be tested here or, if `only` names one, for that; returns the sum
/// of what the calls return.
std::size_t sum_over_modes(const std::string& only,
                           const std::function<std::size_t(repo::Mode)>& call);

/// Returns what `main` returns, or 2 after printing what it throws.
int run_program(const std::function<int()>& main);

}  // namespace xylem::test
