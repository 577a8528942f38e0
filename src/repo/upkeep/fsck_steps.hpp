#pragma once

/// \file
/// The steps of fsck(), in their order. All add what they find to `report`.

#include "object/names/object_set.hpp"
#include "repo/upkeep/fsck.hpp"

namespace xylem::repo {

/// A commit that is in the store and good.
struct CheckedCommit {
  Checksum checksum;
  object::Commit commit;
  bool partial = false;
};

/// The store, of the repository or of a parent, that has the object; null if none has.
const LooseStore* find_store(const Repo& repo, const object::ObjectName& name);

/// What is wrong with one object, or nullopt. A missing one is a problem only if it is `needed`.
std::optional<FsckProblem> check_object(const Repo& repo, const object::ObjectName& name,
                                        bool needed);

/// Whether others can change a good object, of this repository or a parent.
std::optional<FsckProblem> check_owner(const LooseStore& store, const object::ObjectName& name);
/// The directories of objects, where whoever may write can replace objects.
void check_object_dirs(const Repo& repo, FsckReport& report);

/// Markers of partial commits that cannot be read.
void check_markers(const Repo& repo, FsckReport& report);

/// Verifies all commits, and returns the good ones. Those that are known to be incomplete are
/// listed in the report.
std::vector<CheckedCommit> check_commits(const Repo& repo, const FsckOptions& options,
                                         FsckReport& report);

/// Refs, also those of collections, must lead to good commits, and be named in them if asked.
void check_refs(const Repo& repo, const FsckOptions& options, FsckReport& report);
/// Every ref that a commit names must lead to that commit.
void check_back_refs(const Repo& repo, const std::vector<CheckedCommit>& commits,
                     FsckReport& report);

/// Verifies, in parallel, what complete commits reach, and everything else in the store if asked.
void check_objects(const Repo& repo, const std::vector<CheckedCommit>& commits,
                   const FsckOptions& options, FsckReport& report);

/// Removes the corrupt objects that the report lists from this repository, and marks as partial all
/// commits that reach an object which is now missing.
void remove_bad(Repo& repo, const std::vector<CheckedCommit>& commits, FsckReport& report);
/// Only marks them.
void mark_incomplete(Repo& repo, const std::vector<CheckedCommit>& commits, FsckReport& report);

/// Says for each bad object which of the commits need it.
void name_commits(const Repo& repo, const std::vector<CheckedCommit>& commits, FsckReport& report);

/// Writes tombstones for parents that commits name but that are not there, and turns on
/// `core.tombstone-commits`. `held` is the exclusive repository lock.
void add_tombstones(Repo& repo, const RepoLock& held, const std::vector<CheckedCommit>& commits);

/// Adds everything that the commit needs to `reachable`; trees that cannot be read are left to
/// check_object().
void add_reachable(const Repo& repo, const object::Commit& commit, object::ObjectSet& reachable);

}  // namespace xylem::repo
