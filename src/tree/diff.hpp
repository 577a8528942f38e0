#pragma once

/// \file
/// What is different between two trees, each a commit or a directory of this machine.

#include <string>
#include <variant>
#include <vector>

#include "tree/walk.hpp"

namespace xylem::tree {

/// A commit of the repository, or the path of a directory.
using DiffSide = std::variant<Checksum, std::string>;

struct DiffOptions {
  /// Of files on disk. Always on for a repository that keeps none.
  bool ignore_xattrs = false;
  /// Owner of files on disk of the second side, in place of their own.
  std::optional<std::uint32_t> owner_uid;
  std::optional<std::uint32_t> owner_gid;
  bool allow_partial = false;  ///< Compare partial commits, as far as their directories are there.
};

/// Paths, in the order in which a walk meets them; those of a commit start with "/". Below a
/// directory that is gone nothing is listed, below a new one everything.
struct TreeDiff {
  std::vector<std::string> modified;
  std::vector<std::string> removed;
  std::vector<std::string> added;
};

/// Throws Error(NotFound) for a partial commit, unless that is allowed.
TreeDiff diff(const repo::Repo& repo, const DiffSide& from, const DiffSide& to,
              const DiffOptions& options);

/// How much two commits share.
struct SharedObjects {
  std::size_t from_objects = 0;
  std::size_t to_objects = 0;
  std::size_t common_objects = 0;
  std::uint64_t common_bytes = 0;  ///< As stored.
};
/// Throws Error(NotFound) if objects of either are missing.
SharedObjects shared_objects(const repo::Repo& repo, const Checksum& from, const Checksum& to);

}  // namespace xylem::tree
