#pragma once

/// \file
/// What must hold of a repository after whatever happened to it.

#include <string>
#include <vector>

namespace xylem::test {

/// Empty if all is well: what `fsck` finds; a ref whose commit lacks something, marked or not; and,
/// with `ostree`, what `ostree fsck` finds. Otherwise what is wrong.
std::string find_damage(const std::string& repo, bool ostree = false);

/// What other pulls, which were killed, may have left in tmp/ for later ones.
enum class LeftOvers {
  None,   ///< No staging directory: only what is kept for a later pull, or goes by its age.
  Spare,  ///< Also staging directories that a further pull would take up.
};

/// Pulls `refs` from "origin", which must work, and leave them at `commits`, nothing damaged,
/// nothing marked partial, and no more in tmp/ than may be there. Empty if all of this is so.
std::string find_trouble_of_pull(const std::string& repo, const std::vector<std::string>& refs,
                                 const std::vector<std::string>& commits,
                                 LeftOvers left_overs = LeftOvers::None);

}  // namespace xylem::test
