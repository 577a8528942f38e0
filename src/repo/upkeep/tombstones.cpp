#include "repo/upkeep/tombstones.hpp"

#include "object/commit.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"

namespace xylem::repo {

void enable_tombstones(Repo& repo, const RepoLock& held) {
  if (repo.config().tombstone_commits) return;
  repo.edit_config(held, [](KeyFile& file) { file.set("core", "tombstone-commits", "true"); });
}

void write_tombstone(const Repo& repo, const Checksum& commit) {
  const PathAt path = repo.store().path({commit, object::ObjectType::TombstoneCommit});
  make_repo_dir({path.dir, layout::object_dir(commit)});
  replace_file(path, object::serialize_tombstone(commit), repo.config().fsync);
}

}  // namespace xylem::repo
