#pragma once

/// \file
/// What somebody may have meant who misspelt a name.

#include <string>
#include <string_view>
#include <vector>

namespace xylem {

/// How many letters have to be changed, added, left out or swapped with their neighbour to make one
/// of the other. Pure.
std::size_t edit_distance(std::string_view one, std::string_view other);

/// The candidate that is most like `word`, the shortest of several; empty if none is like it. Pure.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace xylem
