#pragma once

#include <set>
#include <string>

#include "tree/labels.hpp"
#include "xylem/cancel.hpp"

namespace xylem::tree {

/// What happens when something of that name is there already.
enum class Overwrite {
  None,            ///< The destination must not exist.
  UnionFiles,      ///< --union: replace files, keep the rest.
  AddFiles,        ///< --union-add: keep files that are there.
  UnionIdentical,  ///< --union-identical: a file that is there must be the same.
};

struct CheckoutOptions {
  /// Neither owner nor xattrs, setuid and setgid bits dropped. Always on for bare-user-only.
  bool user_mode = false;
  Overwrite overwrite = Overwrite::None;
  std::string subpath = "/";
  bool require_hardlinks = false;    ///< Error(Unsupported) rather than a copy.
  bool force_copy = false;           ///< Never link.
  bool bare_user_only_dirs = false;  ///< Of a directory's mode keep only 0775.
  bool whiteouts = false;            ///< `.wh.NAME` deletes NAME, as in container layers.
  /// `.ostree-wh.NAME` becomes NAME as a whiteout device of overlayfs.
  bool passthrough_whiteouts = false;
  /// Of an archive in user mode: link to uncompressed copies of files that the repository keeps.
  bool uncompressed_cache = false;
  Labelling labelling;  ///< Needs force_copy.
  /// What stands before the paths that labels are looked up by; empty: the subpath.
  std::string label_prefix;
  bool fsync = false;                ///< Durable on return.
  bool allow_noent = false;          ///< A subpath that does not exist is no error.
  bool allow_partial = false;        ///< Of a partial commit write what is there.
  std::set<std::string> skip_paths;  ///< "/usr/file" or "/usr/directory/", below the subpath.
  unsigned threads = 0;              ///< That write files; 0: as many as processors.
  CancelToken cancel;
};

}  // namespace xylem::tree
