#pragma once

/// \file
/// What killed processes leave behind and what would become a lie: staged commits that libostree
/// publishes without their marker, markers of commits that are not there, and half-written files
/// beside refs and `config`.

#include <string>
#include <vector>

#include "base/error_list.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

/// Removes staging directories, of any boot, that nobody has locked. `held` is the exclusive
/// repository lock, under which no transaction of ours or libostree's is at work; directories that
/// are locked all the same stay.
ErrorList remove_idle_staging(Repo& repo, const RepoLock& held);

/// Commits that have a marker, but are not here, and that no ref leads to. None where a ref cannot
/// be read: it may be the one that leads there.
std::vector<Checksum> markers_of_nothing(const Repo& repo);
/// Those that fsck marked (list_broken()), but for markers of nothing. Sorted.
std::vector<Checksum> broken_commits(const Repo& repo);
/// Removes the markers of nothing, durably enough: one that comes back is removed again. `held` as
/// above: the marker of a pull that runs comes before its commit.
ErrorList remove_markers_of_nothing(Repo& repo, const RepoLock& held);

/// Removes `.tmp-*` of replace_file() beside refs and `config`. Takes the locks of those who write
/// there.
ErrorList remove_half_written(Repo& repo);

}  // namespace xylem::repo
