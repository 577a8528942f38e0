#pragma once

/// \file
/// What to commit and how, and what came of it: values.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "object/commit.hpp"
#include "tree/labels.hpp"
#include "tree/seen_files.hpp"
#include "xylem/cancel.hpp"

namespace xylem::tree {

/// One source of files; several are laid over each other, later ones win.
struct TreeSource {
  enum class Kind { Dir, Ref, Tar };
  Kind kind = Kind::Dir;
  std::string value;  ///< Path of a directory or an archive ("-": standard input), or a revision.
};

/// How archives are read.
struct ArchiveOptions {
  /// Make directories that the archive does not have: mode 0755, with the owner of the first entry
  /// in them. Also a root for an archive without entries.
  bool autocreate_parents = false;
  /// The name that an entry gets, by that in the archive without its leading "/" or "./". It may
  /// end with "/".
  std::function<std::string(const std::string&)> rename;
};

/// Changes on the way in, as the options of `ostree commit` say.
struct CommitModifier {
  std::optional<std::uint32_t> owner_uid;
  std::optional<std::uint32_t> owner_gid;
  bool no_xattrs = false;
  /// uid and gid 0, no xattrs, and modes that every repository can keep.
  bool canonical_permissions = false;
  bool read_only_executables = false;  ///< Nobody may write to what somebody may execute.
  bool consume = false;                ///< Whether consume() will delete what was committed.
  /// Recognise files that are hard links to objects of the repository by their inode.
  bool link_checkout_speedup = false;
  /// Take such files as they are stored, without any of the changes here.
  bool devino_canonical = false;
  Labelling labelling;
  bool generate_sizes = false;                       ///< Archive repositories only.
  std::map<std::string, std::uint32_t> mode_adds;    ///< Path → mode bits to set as well.
  std::map<std::string, std::uint32_t> mode_values;  ///< Path → all permission bits.
  std::set<std::string> skip_paths;                  ///< Left out.
};

struct CommitRequest {
  std::optional<Checksum> base;  ///< Tree of a commit to start from, which nothing modifies.
  std::vector<TreeSource> trees;
  ArchiveOptions archives;
  CommitModifier modifier;
  std::string subject;
  std::string body;
  std::optional<std::uint64_t> timestamp;  ///< Default: $SOURCE_DATE_EPOCH, else now.
  std::optional<Checksum> parent;
  object::Dict metadata;  ///< Bindings and sizes are added behind it.
  object::Dict detached_metadata;
  bool bind = true;                    ///< Whether bindings are written at all.
  std::vector<std::string> bind_refs;  ///< May be empty: an orphan is bound to no ref.
  bool bootable = false;               ///< Note the kernel's version; Error(NotFound) without one.
  /// With a parent of equal content, write no commit.
  bool skip_if_unchanged = false;
  unsigned threads = 0;  ///< That read, hash and write files; 0: as many as processors.
  CancelToken cancel;
};

struct CommitOutcome {
  Checksum commit;  ///< The parent's, if it was skipped.
  bool skipped = false;
  std::uint64_t metadata_total = 0;  ///< Objects handed to the transaction, new or not.
  std::uint64_t content_total = 0;
  std::uint64_t cache_hits = 0;  ///< Files recognised by link_checkout_speedup.
  std::vector<SeenDir> seen;     ///< With the modifier consume: what came from directories.
};

}  // namespace xylem::tree
