#pragma once

/// \file
/// What `ostree show` tells about files, sizes and related commits.

#include <string>

#include "repo/repo.hpp"

namespace xylem::cli {

/// Type, size or target, owner, mode and attributes of a content object.
std::string file_text(const repo::Repo& repo, const Checksum& checksum);

/// `ostree.sizes` of a commit summed up, and how much of it is missing here. Throws Error(NotFound)
/// if the commit has none.
std::string sizes_text(const repo::Repo& repo, const Checksum& commit);

/// "NAME CHECKSUM" a line; nobody ever filled that part of a commit.
std::string related_text(const repo::Repo& repo, const Checksum& commit);

}  // namespace xylem::cli
