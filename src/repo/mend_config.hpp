#pragma once

/// \file
/// `config` of a repository that may not open, so that a person can mend it.

#include <string>

#include "repo/repo.hpp"

namespace xylem::repo {

/// Throws Error(NotFound) if there is none, Error(InvalidArgument) if it is no key file.
KeyFile load_config_of(const std::string& path);

/// As Repo::edit_config(). Where the repository does not open, `change` must be good by itself,
/// and is written even if something else still keeps the repository from opening: a warning says
/// what.
void mend_config(const std::string& path, const ConfigChange& change);

}  // namespace xylem::repo
