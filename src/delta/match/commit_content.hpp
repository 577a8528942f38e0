#pragma once

/// \file
/// What a commit has, and where.

#include <string>
#include <vector>

#include "object/names/object_name.hpp"
#include "repo/repo.hpp"

namespace xylem::delta {

struct PlacedFile {
  std::string path;  ///< "usr/bin/env", without a slash before it.
  Checksum file;     ///< A regular file or a symbolic link.
};

struct CommitContent {
  /// Sorted by path. A directory that is there twice is listed once.
  std::vector<PlacedFile> files;
  /// Dirtrees and dirmetas, each once, parents before what is in them.
  std::vector<object::ObjectName> metadata;
};

/// Throws Error(NotFound) that names the object, Error(Corrupt), Error(Cancelled).
CommitContent list_content(const repo::Repo& repo, const Checksum& commit,
                           const CancelToken& cancel);

}  // namespace xylem::delta
