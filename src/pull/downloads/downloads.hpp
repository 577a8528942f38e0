#pragma once

/// \file
/// Room `pull/downloads`: the download directories of all pulls of a repository: listed, ended,
/// taken over. Knows nothing of remotes, sources.
///
/// The download directories of a repository (`tmp/fetch-XXXXXX/`) seen together: each belongs to
/// the fetcher that has it locked, and what dead ones left belongs to whoever comes first.

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "object/names/object_name.hpp"
#include "pull/downloads/pull_record.hpp"
#include "repo/locks/tmpdir.hpp"

namespace xylem::pull {

/// One download directory, open; that of another user perhaps only to look at files by their names.
struct OpenDownloadDir {
  std::string name;
  UniqueFd fd;
};

/// All of those in `tmp`, of living and dead owners. Throws Error(Io).
std::vector<OpenDownloadDir> open_download_dirs(FileDescriptor tmp);

/// What the download of an object is called. Small objects are never downloaded to a file.
std::string download_name(const object::ObjectName& name);

/// What the download of a part of a static delta is called, by the checksum of its file.
std::string part_download_name(const Checksum& part);

/// Moves what there is of a download, partial or whole, from all unlocked directories in `tmp` into
/// `own`; the longest stays. Directories that hold none then are removed. Returns whether anything
/// came. Throws Error(Io).
bool gather_download(FileDescriptor tmp, const repo::TmpDir& own, const std::string& name);

/// The downloads in directories whose owners are dead. Directories of dead owners that hold none
/// are removed. Locks none of the others: whoever wants to take one over finds it free. Throws
/// Error(Io).
std::set<std::string> abandoned_downloads(FileDescriptor tmp);

/// Removes what dead owners left and nobody wants any more, when a pull has ended well: downloads
/// of objects that are `here`, since their owner died between storing an object and removing its
/// download; all directories of pulls of the same refs as `done`, unless it is null; and of several
/// pulls of the same refs all but the one that is furthest. Throws Error(Io).
void remove_unwanted_downloads(FileDescriptor tmp,
                               const std::function<bool(const object::ObjectName&)>& here,
                               const PullRecord* done);

/// Whether what a dead pull left is of no use once `done` has ended well. Pure.
bool is_superseded(const PullRecord& dead, const PullRecord& done);

/// Bytes that the furthest download of this name in `tmp` has; 0 if there is none.
std::uint64_t downloaded_bytes(FileDescriptor tmp, const std::string& name);

}  // namespace xylem::pull
