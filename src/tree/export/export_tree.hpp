#pragma once

/// \file
/// Room `tree/export`: a commit to an archive. Knows nothing of checkouts, commits that are made.
///
/// A tree as a stream of archive entries, in constant memory.

#include <string>

#include "archive/writer.hpp"
#include "tree/walk.hpp"
#include "xylem/cancel.hpp"

namespace xylem::tree {

struct ExportOptions {
  std::string subpath = "/";  ///< The directory whose contents are exported, or one file.
  std::string prefix;         ///< Put before each path as it is, so that it may end with "/".
  bool xattrs = true;         ///< Where the format holds them.
  CancelToken cancel;
};

/// Throws Error(NotFound) for a subpath that is not there, and for a commit that lacks some of it.
void require_exportable(const repo::Repo& repo, const Checksum& commit, const std::string& subpath);

/// Writes the tree of `commit` to `writer`, which the caller closes: a directory before what is in
/// it, files before directories, each sorted by name. All have the time of the commit. Throws
/// Error(NotFound) for a subpath that is not there, and what the writer throws.
void export_tree(const repo::Repo& repo, const Checksum& commit, const ExportOptions& options,
                 archive::Writer& writer);

}  // namespace xylem::tree
