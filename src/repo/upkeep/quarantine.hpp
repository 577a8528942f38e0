#pragma once

/// \file
/// Files that are not what their place says, and keep others from their work, moved to
/// `quarantine/` in the repository: refs that cannot be read, and markers that are no files.

#include <string>
#include <vector>

#include "repo/repo.hpp"

namespace xylem::repo {

struct Quarantined {
  std::string from;  ///< Relative to the repository.
  std::string to;    ///< As `from`, below quarantine/.
  std::string why;
};

/// Looks at each again under the lock before it is moved. Nothing is deleted. Durable on return.
/// Throws Error(Io) for what cannot be moved.
std::vector<Quarantined> quarantine_bad_files(Repo& repo);

}  // namespace xylem::repo
