#pragma once

/// \file
/// From directories to a commit.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "object/commit.hpp"
#include "repo/transaction.hpp"

namespace xylem::tree {

/// One source of files; several are laid over each other, later ones win.
struct TreeSource {
  enum class Kind { Dir, Ref };
  Kind kind = Kind::Dir;
  std::string value;  ///< Path of a directory, or a revision.
};

/// Changes on the way in, as the options of `ostree commit` say.
struct CommitModifier {
  std::optional<std::uint32_t> owner_uid;
  std::optional<std::uint32_t> owner_gid;
  bool no_xattrs = false;
  /// uid and gid 0, and modes that every repository can keep.
  bool canonical_permissions = false;
  bool consume = false;  ///< Delete the files once they are in.
  bool link_checkout_speedup = false;
  bool generate_sizes = false;
  /// From --statoverride: path → mode bits to add, or a whole mode.
  std::vector<std::pair<std::string, std::uint32_t>> mode_overrides;
  std::vector<std::string> skip_paths;  ///< From --skip-list.
};

struct CommitRequest {
  std::vector<TreeSource> trees;
  CommitModifier modifier;
  std::string subject;
  std::string body;
  std::optional<std::uint64_t> timestamp;  ///< Default: $SOURCE_DATE_EPOCH, else now.
  std::optional<Checksum> parent;
  object::Dict metadata;  ///< Bindings and sizes are added to it.
  object::Dict detached_metadata;
  std::vector<std::string> bind_refs;  ///< Empty: no ref binding.
  std::optional<std::string> bind_collection;
  bool bind = true;  ///< Whether bindings are written at all.
  /// With a parent of equal content, write no commit.
  bool skip_if_unchanged = false;
};

struct CommitOutcome {
  Checksum commit;  ///< The parent's, if it was skipped.
  bool skipped = false;
};

/// Writes all objects of the commit into `transaction`, which the caller commits.
CommitOutcome commit_tree(repo::Transaction& transaction, const CommitRequest& request);

}  // namespace xylem::tree
