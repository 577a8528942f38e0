#pragma once

/// \file
/// From a commit to a directory.

#include <string>

#include "repo/repo.hpp"
#include "xylem/cancel.hpp"

namespace xylem::tree {

struct CheckoutOptions {
  bool user_mode = false;  ///< Neither owner nor xattrs; setuid bits are dropped.
  enum class Overwrite {
    None,            ///< The destination must not exist.
    UnionFiles,      ///< --union: replace files, keep the rest.
    AddFiles,        ///< --union-add: keep files that are there.
    UnionIdentical,  ///< --union-identical: a file that is there must be the same.
  };
  Overwrite overwrite = Overwrite::None;
  std::string subpath = "/";
  bool require_hardlinks = false;
  bool force_copy = false;
  bool force_copy_zerosized = false;
  bool bare_user_only_dirs = false;  ///< Directories keep their modes as 0755-like only.
  bool whiteouts = false;
  bool fsync = false;
  bool allow_noent = false;  ///< A subpath that does not exist is no error.
  std::vector<std::string> skip_paths;
  CancelToken cancel;
};

/// Writes the tree of `commit` to `destination`, hard-linking where mode and file system allow.
/// Nothing that the commit names can reach outside of `destination`.
void checkout(const repo::Repo& repo, const Checksum& commit, const std::string& destination,
              const CheckoutOptions& options);

}  // namespace xylem::tree
