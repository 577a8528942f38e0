#pragma once

#include <string>

#include "repo/repo.hpp"

namespace xylem::repo {

/// As Repo::open(), to take objects and refs from a repository that may be anybody's. It is only
/// read. Its files are not followed out of it, but for `objects`, whose content is checked; and it
/// names a parent only if its `config` is ours or root's. Throws Error(InvalidArgument) and
/// Error(Unsupported) for one that does otherwise.
Repo open_source(const std::string& path);

/// Throws Error(InvalidArgument) if anything in a repository that will be written to, and may have
/// been prepared by anybody, leads out of it: on a volume, for example.
void refuse_symlinks_out(FileDescriptor repo);

}  // namespace xylem::repo
