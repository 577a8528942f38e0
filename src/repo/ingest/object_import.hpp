#pragma once

/// \file
/// Takes objects from another store: pull-local, local caches, other transactions' staging.

#include "repo/ingest/ingest.hpp"

namespace xylem::repo {

enum class ImportWay {
  Link,      ///< A hard link is as good as a copy.
  Copy,      ///< The body is the same, but owner, mode or attributes must be ours.
  Reencode,  ///< Taken apart and written anew.
};

/// How a content object goes from one mode to another. Metadata objects are the same in all modes.
/// Pure.
ImportWay content_import_way(Mode from, Mode to, const object::FileHeader& header);

struct ImportedObject {
  bool added = false;      ///< This transaction had not staged it before.
  std::uint64_t size = 0;  ///< Of the content or metadata; 0 if it was linked without a look.
};

/// Stages a content or metadata object of `source`, hashed unless `verify` is off. nullopt if the
/// source does not have it. Throws Error(Corrupt), and stages nothing, if it is not what its name
/// says. Files are linked only between stores of one owner: whoever owns an inode can change it.
/// Thread-safe.
std::optional<ImportedObject> import_object(ObjectStager& stager, const LooseStore& source,
                                            const object::ObjectName& name, bool verify);

}  // namespace xylem::repo
