#pragma once

/// \file
/// The download directories of a repository (`tmp/fetch-XXXXXX/`) seen together: each belongs to
/// the fetcher that has it locked, and what dead ones left belongs to whoever comes first.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "object/object_name.hpp"
#include "repo/tmpdir.hpp"

namespace xylem::pull {

/// One download directory, open.
struct OpenDownloadDir {
  std::string name;
  UniqueFd fd;
};

/// All download directories in `tmp`, of living and dead owners. Throws Error(Io).
std::vector<OpenDownloadDir> open_download_dirs(FileDescriptor tmp);

/// What the download of an object is called. Small objects are never downloaded to a file.
std::string download_name(const object::ObjectName& name);

/// Moves the partial and whole downloads of all unlocked directories in `tmp` into `own`, or just
/// those named `only`; where there are two of a name the longer one stays. Directories that are
/// empty then are removed. Returns whether anything came. Throws Error(Io).
bool gather_downloads(FileDescriptor tmp, const repo::TmpDir& own,
                      const std::optional<std::string>& only = std::nullopt);

/// The downloads in directories whose owners are dead, but for `own`. Of these, directories that
/// hold none are removed. Throws Error(Io).
std::set<std::string> abandoned_downloads(FileDescriptor tmp, const repo::TmpDir& own);

/// Bytes that the furthest download of this name in `tmp` has; 0 if there is none.
std::uint64_t downloaded_bytes(FileDescriptor tmp, const std::string& name);

}  // namespace xylem::pull
