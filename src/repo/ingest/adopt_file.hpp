#pragma once

#include "repo/ingest/ingest.hpp"

namespace xylem::repo {

/// A file that its owner gives away becomes the object itself, by a hard link: its inode gets
/// owner, mode and time of the object. nullopt, with nothing done, where the mode of the
/// repository, the owner of the file or the file system does not allow it. `header` must be what
/// the file has, but for the mode in bare-user-only. Not counted among what is written: nothing is.
/// Any thread.
std::optional<Stored> adopt_file(const Repo& repo, Ingest& ingest, const PathAt& file,
                                 const object::FileHeader& header);

}  // namespace xylem::repo
