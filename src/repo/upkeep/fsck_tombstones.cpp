#include "repo/upkeep/fsck_steps.hpp"
#include "repo/upkeep/tombstones.hpp"

namespace xylem::repo {

using object::ObjectType;

void add_tombstones(Repo& repo, const RepoLock& held, const std::vector<CheckedCommit>& commits) {
  for (const CheckedCommit& entry : commits) {
    if (!entry.commit.parent) continue;
    const Checksum& parent = *entry.commit.parent;
    if (repo.has({parent, ObjectType::Commit}) || repo.has({parent, ObjectType::TombstoneCommit}))
      continue;
    enable_tombstones(repo, held);
    write_tombstone(repo, parent);
  }
}

}  // namespace xylem::repo
