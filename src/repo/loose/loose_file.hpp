#pragma once

/// \file
/// Reading one content object, a function for each way of storing it. All return nullopt when there
/// is no such file, and throw Error(Corrupt) for one that cannot be of this mode. Formats:
/// docs/on-disk.md.

#include <optional>

#include "base/os/growing_file.hpp"
#include "repo/loose/loose_store.hpp"

namespace xylem::repo {

/// Where a bare-user repository keeps owner, mode and xattrs of a content object.
constexpr char bare_user_xattr[] = "user.ostreemeta";

/// A regular file, never followed and never waited for; invalid if it does not exist,
/// Error(Corrupt) for a symlink, a directory, a pipe, …
UniqueFd try_open_regular(const PathAt& path);

std::optional<LoadedFile> load_archive_file(const PathAt& path);
/// As above, of an open file.
LoadedFile load_archive_file(UniqueFd fd);
/// As above, of a file that is borrowed and still written to; reading its content waits.
LoadedFile load_archive_file(GrowingFile& growing);
/// `ignore_xattrs` reads as if the file had none.
std::optional<LoadedFile> load_bare_file(const PathAt& path, bool ignore_xattrs);
std::optional<LoadedFile> load_bare_user_file(const PathAt& path);
/// Owner 0:0 and no xattrs, whatever the file has.
std::optional<LoadedFile> load_bare_user_only_file(const PathAt& path);
/// `xattrs` is the object's file-xattrs-link.
std::optional<LoadedFile> load_split_xattrs_file(const PathAt& path, const PathAt& xattrs);

}  // namespace xylem::repo
