#pragma once

/// \file
/// Listing a commit, as `ostree ls` prints it.

#include <functional>
#include <string>

#include "tree/walk.hpp"

namespace xylem::tree {

struct ListOptions {
  bool directory_only = false;  ///< Not what is in the directory.
  bool recursive = false;
  bool checksums = false;
  bool xattrs = false;
  bool names_only = false;  ///< Just paths; the caller separates them.
};

/// Calls `print` with one line, without its end, for `path` and for what is in it: files before
/// directories, each sorted by name. Throws Error(NotFound) that names the path.
void list(const repo::Repo& repo, const Checksum& commit, const std::string& path,
          const ListOptions& options, const std::function<void(const std::string&)>& print);

}  // namespace xylem::tree
