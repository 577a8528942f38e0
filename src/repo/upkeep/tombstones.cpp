#include "repo/upkeep/tombstones.hpp"

#include "base/os/os.hpp"
#include "object/commit.hpp"
#include "repo/disk/layout.hpp"

namespace xylem::repo {

void enable_tombstones(Repo& repo, const RepoLock& held) {
  if (repo.config().tombstone_commits) return;
  repo.edit_config(held, [](KeyFile& file) { file.set("core", "tombstone-commits", "true"); });
}

void write_tombstone(const Repo& repo, const Checksum& commit) {
  const PathAt path = repo.store().path({commit, object::ObjectType::TombstoneCommit});
  os::make_dir({path.dir, layout::object_dir(commit)}, 0777);
  replace_file(path, object::serialize_tombstone(commit), repo.config().fsync);
}

}  // namespace xylem::repo
